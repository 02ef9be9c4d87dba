// THE table of commands. An addition is one file commands/NAME.cpp, and its maker and its row here.
#include "cli/commands.hpp"

#include "render/figure.hpp"
#include "render/formats.hpp"
#include <memory>
#include <vector>

namespace hersurv::cli {

std::unique_ptr<Command> make_list();
std::unique_ptr<Command> make_show();
std::unique_ptr<Command> make_fit();
std::unique_ptr<Command> make_curve();
std::unique_ptr<Command> make_table();
std::unique_ptr<Command> make_plot();
std::unique_ptr<Command> make_report();
std::unique_ptr<Command> make_patients();
std::unique_ptr<Command> make_digitise();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_validate();
std::unique_ptr<Command> make_schema();
std::unique_ptr<Command> make_template();
std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_complete();      // __complete
std::unique_ptr<Command> make_docs();          // __docs
std::unique_ptr<Command> make_manual_page();   // __man
std::unique_ptr<Command> make_rules();         // __rules
std::unique_ptr<Command> make_review_audit();  // __review-audit

namespace {

using Names = std::span<const std::string_view>;

template <class... Formats>
std::vector<std::string_view> format_names(const Formats&... formats) {
    std::vector<std::string_view> names;
    const auto add = [&](const auto& all) {
        for (const render::Format* format : all) names.push_back(format->name);
    };
    (add(formats), ...);
    return names;
}

Names table_formats() {
    static const std::vector<std::string_view> names = format_names(render::formats());
    return names;
}

Names fit_formats() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all = format_names(render::formats());
        all.emplace_back("catalogue");
        return all;
    }();
    return names;
}

Names check_formats() {
    static const std::vector<std::string_view> names = format_names(render::formats(), render::finding_formats());
    return names;
}

Names figure_formats() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        for (const render::FigureFormat& format : render::figure_formats()) all.push_back(format.name);
        return all;
    }();
    return names;
}

Names digitise_formats() {
    static constexpr std::string_view names[] = {"csv", "tsv", "json", "jsonl", "text", "markdown", "html"};
    return names;
}

Names patient_formats() {
    static constexpr std::string_view names[] = {"csv", "tsv", "json", "jsonl", "catalogue"};
    return names;
}

Names page_formats() {
    static constexpr std::string_view names[] = {"html"};
    return names;
}

Names template_formats() {
    static constexpr std::string_view names[] = {"json", "csv"};
    return names;
}

Names no_formats() { return {}; }

const CommandRow all_commands[] = {
    {"list", "the trials, one a line",
     "Lists the trials of the catalogue with their design, endpoints and numbers of patients.",
     "hersurv list\n"
     "hersurv list --class ADC --endpoint OS\n"
     "hersurv list 'DESTINY*' --format csv\n",
     table_formats, true, make_list},
    {"show", "the record of a trial with every number, source and note",
     "Prints what the catalogue holds, exactly as it was published. --format json prints the catalogue format itself, "
     "so that it can be edited and "
     "read back; the other formats for programs have one row a number.",
     "hersurv show CLEOPATRA\n"
     "hersurv show CLEOPATRA --endpoint OS --format csv\n"
     "hersurv show CLEOPATRA --format json | hersurv show --no-builtin --catalogue -\n",
     table_formats, true, make_show},
    {"fit", "fits survival models to the published numbers, or to patients",
     "Fits each model to the published numbers of both arms at once and prints its parameters, every published number "
     "beside the fitted one, and how far "
     "the numbers determine the curve. Three families or more are ranked by their misfit of the published estimates. "
     "With --arm the numbers come from the command line and no catalogue is needed; "
     "--format catalogue writes them as one, to go on with. With --patients the families are fitted to patients by "
     "maximum likelihood and ranked by AIC.",
     "hersurv fit CLEOPATRA\n"
     "hersurv fit EMILIA --model all --format csv\n"
     "hersurv fit CLEOPATRA --model weibull --draws 1000 --seed 1 -o draws.csv\n"
     "hersurv fit --endpoint OS --arm \"name=A n=402 median=57.1[50,72] S(96)=0.37\" \\\n"
     "    --arm \"name=B n=406 median=40.8[36,48] S(96)=0.23\" --hr \"0.69[0.58,0.82]\"\n"
     "hersurv fit --name MINE --arm \"n=402 median=57.1[50,72]\" --format catalogue -o mine.json\n"
     "hersurv fit --patients patients.csv --format csv -o parameters.csv\n",
     fit_formats, true, make_fit},
    {"curve", "S(t), hazards, restricted means or states over time",
     "Prints the reconstructed survival curve at the times asked for, with a confidence interval for a trial of this "
     "size or, with --band reconstruction, with the band in which the published curve runs, which has no sampling "
     "error. --quantity gives hazards, hazard ratios, restricted means, expected events or the shares of patients in "
     "each state instead.",
     "hersurv curve CLEOPATRA --times 12,24,60\n"
     "hersurv curve CLEOPATRA --times 0:96:1 --format csv -o cleopatra.csv\n"
     "hersurv curve CLEOPATRA --endpoint OS --times 0:240:1 --wide -o os.csv\n"
     "hersurv curve CLEOPATRA --quantity rmst --times 24,60\n"
     "hersurv curve CLEOPATRA --draws 1000 --seed 1 --times 0:240:6 -o draws.csv\n"
     "hersurv curve --ph --arm \"name=B n=100 S(12)=80% S(24)=60%\" \\\n"
     "    --hr \"0.6[0.4,0.9]\" --times 12,24\n",
     table_formats, true, make_curve},
    {"table", "comparison tables across trials", "Prints one of the comparison tables; without a name it lists them.",
     "hersurv table\n"
     "hersurv table medians --endpoint OS\n"
     "hersurv table hazard-ratios --format markdown\n",
     table_formats, true, make_table},
    {"plot", "figures of trials and across trials",
     "Draws the reconstructed survival curves of the trials, all in one frame, with the published numbers on them, or "
     "another kind of figure where the first word names one.",
     "hersurv plot CLEOPATRA\n"
     "hersurv plot CLEOPATRA -o cleopatra.svg\n"
     "hersurv plot EMILIA TH3RESA --endpoint OS --horizon 48 -o t-dm1.svg\n",
     figure_formats, true, make_plot},
    {"report", "one self-contained page of curves, figures, tables and audit",
     "Writes an HTML page that needs nothing else: curves of the trials to lay over one another and to read at any "
     "time, "
     "figures, comparison tables that can be sorted and copied, the findings of check and the method. Curves and "
     "tables show confidence intervals for a trial of this size unless --band asks for the reconstruction band.",
     "hersurv report -o report.html\n"
     "hersurv report EMILIA TH3RESA 'DESTINY*' --endpoint OS -o t-dm1.html\n",
     page_formats, true, make_report},
    {"digitise", "curves from the picture of a Kaplan-Meier figure",
     "Reads the axes, the curves, the censor marks and the numbers at risk of a Kaplan-Meier figure and writes the "
     "points of its "
     "curves as `patients reconstruct` reads them. The lines of PDF and SVG files are read exactly, PNG, JPEG and "
     "scanned pages from "
     "their pixels. Each curve is judged by what the picture itself says: sure, doubtful (written only with "
     "--accept-doubtful) or "
     "refused; where one is not sure the command ends with 3 and writes nothing.",
     "hersurv digitise figure.pdf -o curve.csv\n"
     "hersurv digitise figure.png --overlay seen.svg --write-at-risk at-risk.csv --write-censored censored.csv -o "
     "curve.csv\n"
     "hersurv digitise article.pdf --page 5 --panel 2 --arm-names drug,placebo -o curve.csv\n"
     "hersurv digitise figure.svg | hersurv patients reconstruct --curve - --n 402,406\n",
     digitise_formats, false, make_digitise},
    {"patients", "pseudo-patients, drawn or out of a digitised curve",
     "Writes patient-level times as Surv(time_months, event) of R and lifelines read them. `simulate` draws patients "
     "from the curves fitted to a trial, so that its numbers of patients and events, medians, milestones and hazard "
     "ratios "
     "come back, and says how well they do and what was assumed. `reconstruct` takes the points "
     "that somebody clicked on a Kaplan-Meier figure, with the numbers at risk below it and the total number of events "
     "where they are known, and says how well the patients agree with them and, where a trial is named, with its "
     "published numbers. With --format catalogue both write the numbers of one set of patients as a catalogue that the "
     "other commands take.",
     "hersurv patients simulate CLEOPATRA --endpoint OS -o patients.csv\n"
     "hersurv patients simulate CLEOPATRA --endpoint OS --replicates 1000 --seed 7 -o replicates.csv\n"
     "hersurv patients simulate CLEOPATRA --joint --dependence 0.5 -o pfs-and-os.csv\n"
     "hersurv patients reconstruct --curve curve.csv --at-risk at-risk.csv\n"
     "hersurv patients reconstruct CLEOPATRA --endpoint OS --curve curve.csv --at-risk at-risk.csv\n"
     "hersurv patients reconstruct --curve curve.csv --n 402 --events 168 --format catalogue -o digitised.json\n",
     patient_formats, true, make_patients},
    {"check", "published numbers against their reconstruction",
     "Compares every published number with what the model makes of it, audits the published numbers themselves and the "
     "claims about them. Ends with 1 where "
     "it finds what fails.",
     "hersurv check\n"
     "hersurv check EMILIA --format json\n"
     "hersurv check --no-builtin --catalogue catalogue --format github\n",
     check_formats, true, make_check},
    {"validate", "catalogue documents against the format",
     "Reads each document and tells every fault with its place. Ends with 1 where one is not valid.",
     "hersurv validate mine.json\n"
     "hersurv validate folder --format csv\n"
     "hersurv validate catalogue --format github\n"
     "hersurv template | hersurv validate -\n",
     check_formats, false, make_validate},
    {"schema", "the JSON Schema of the catalogue format", "Prints the schema for editors and other validators.",
     "hersurv schema -o catalogue.schema.json\n", no_formats, false, make_schema},
    {"template", "a minimal catalogue to fill in",
     "Prints a small valid catalogue: replace its numbers with those of a paper. --format csv prints a table with one "
     "row an arm, for a spreadsheet; it is read wherever a document is.",
     "hersurv template -o mine.json\n"
     "hersurv template --format csv -o mine.csv\n",
     template_formats, false, make_template},
    {"completion", "completion of commands, options and trial names for a shell",
     "Prints a script for the shell, made from the commands and options of this program.",
     "source <(hersurv completion bash)\n"
     "hersurv completion zsh > ~/.zfunc/_hersurv\n"
     "hersurv completion fish > ~/.config/fish/completions/hersurv.fish\n",
     no_formats, false, make_completion},
    {"__complete", "the words that completion scripts ask for", "", "", no_formats, true, make_complete},
    {"__docs", "the manual of all commands as Markdown", "", "", no_formats, false, make_docs},
    {"__man", "the manual of all commands as a manual page", "", "", no_formats, false, make_manual_page},
    {"__rules", "the rules of check as Markdown", "", "", no_formats, false, make_rules},
    {"__review-audit", "the audit of the review as Markdown", "", "", no_formats, true, make_review_audit},
};

}  // namespace

std::span<const CommandRow> commands() { return all_commands; }

}  // namespace hersurv::cli
