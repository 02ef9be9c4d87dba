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
std::unique_ptr<Command> make_index();         // __index

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
    static constexpr std::string_view names[] = {"csv",  "tsv",      "json", "jsonl",
                                                 "text", "markdown", "html", "catalogue"};
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
    {"list", "list the trials", "Lists the trials of the catalogue with design, endpoints and number of patients.",
     "hersurv list\n"
     "hersurv list --class ADC --endpoint OS\n"
     "hersurv list 'DESTINY*' --names\n",
     table_formats, true, make_list},
    {"show", "show the published results of a trial",
     "Prints a digest of each endpoint, default analysis first; --all prints the whole record, with every value, "
     "source and note as published. --format json writes the catalogue format, which can be edited and read back; csv, "
     "tsv and jsonl have one row per value.",
     "hersurv show CLEOPATRA\n"
     "hersurv show CLEOPATRA --all\n"
     "hersurv show CLEOPATRA --endpoint OS --format csv\n"
     "hersurv show CLEOPATRA --format json | hersurv show --no-builtin --catalogue -\n",
     table_formats, true, make_show},
    {"fit", "fit survival models to published results or to patients",
     "Fits survival models (by default exponential and Weibull) to each arm, using all published results jointly. The "
     "first table has medians, parameters with standard errors and how well these are identified; the second compares "
     "each published value with the fitted one. Three families or more are ranked by their misfit. With --arm the "
     "results come from the command line; --format catalogue writes them as a catalogue. With --patients the models "
     "are fitted to individual patient data and ranked by AIC.",
     "hersurv fit CLEOPATRA\n"
     "hersurv fit EMILIA --model all --format csv\n"
     "hersurv fit CLEOPATRA --model weibull --draws 1000 --seed 1 -o draws.csv\n"
     "hersurv fit --endpoint OS --arm \"name=A n=402 median=57.1[50,72] S(96)=0.37\" \\\n"
     "    --arm \"name=B n=406 median=40.8[36,48] S(96)=0.23\" --hr \"0.69[0.58,0.82]\"\n"
     "hersurv fit --name MINE --arm \"n=402 median=57.1[50,72]\" --format catalogue -o mine.json\n"
     "hersurv fit --patients patients.csv --format csv -o parameters.csv\n",
     fit_formats, true, make_fit},
    {"curve", "print survival, hazards, RMST or states over time",
     "Prints the reconstructed survival curve at the given times, with a confidence interval for a trial of this size "
     "or, with --band reconstruction, the uncertainty about the published curve, without sampling error. --quantity "
     "gives hazards, hazard ratios, restricted means, expected events or the share of patients in each state instead.",
     "hersurv curve CLEOPATRA --times 12,24,60\n"
     "hersurv curve CLEOPATRA --times 0:96:1 --format csv -o cleopatra.csv\n"
     "hersurv curve CLEOPATRA --endpoint OS --times 0:240:1 --wide -o os.csv\n"
     "hersurv curve CLEOPATRA --quantity rmst --times 24,60\n"
     "hersurv curve CLEOPATRA --draws 1000 --seed 1 --times 0:240:6 -o draws.csv\n"
     "hersurv curve --ph --arm \"name=B n=100 S(12)=80% S(24)=60%\" \\\n"
     "    --hr \"0.6[0.4,0.9]\" --times 12,24\n",
     table_formats, true, make_curve},
    {"table", "compare trials in a table", "Prints a comparison table; without a name it lists the tables.",
     "hersurv table\n"
     "hersurv table medians --endpoint OS\n"
     "hersurv table hazard-ratios --format markdown\n",
     table_formats, true, make_table},
    {"plot", "draw survival curves and other figures",
     "Draws the reconstructed survival curves of the trials in one figure, with the published estimates on them, or "
     "another kind of figure if the first word names one.",
     "hersurv plot CLEOPATRA\n"
     "hersurv plot CLEOPATRA -o cleopatra.svg\n"
     "hersurv plot EMILIA TH3RESA --endpoint OS --horizon 48 -o t-dm1.svg\n",
     figure_formats, true, make_plot},
    {"report", "write one self-contained HTML page",
     "Writes one HTML page that works offline: interactive curves of all trials, figures, comparison tables that can "
     "be sorted and copied, the findings of check and the method. Curves and tables show confidence intervals for a "
     "trial of this size unless --band asks for the reconstruction band.",
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
     "hersurv digitise figure.svg | hersurv patients reconstruct --curve - --n 402,406\n"
     "hersurv digitise figure.pdf --trial CLEOPATRA --endpoint OS --arm-names pertuzumab,placebo\n"
     "hersurv digitise figure.pdf --format catalogue -o mine.json; hersurv fit mine.json\n",
     digitise_formats, true, make_digitise},
    {"patients", "simulate or reconstruct individual patient data",
     "Writes pseudo individual patient data (IPD) as R's Surv(time_months, event) and lifelines read them. `simulate` "
     "draws patients from the fitted curves of a trial so that its published results are reproduced, and reports how "
     "closely and what was assumed. `reconstruct` converts the points of a digitised Kaplan-Meier curve, with numbers "
     "at risk and total events if they are known, and reports how well the patients agree with them and, if a trial is "
     "named, with its published results. With --format catalogue both write the results of one data set as a catalogue "
     "for the other commands.",
     "hersurv patients simulate CLEOPATRA --endpoint OS -o patients.csv\n"
     "hersurv patients simulate CLEOPATRA --endpoint OS --replicates 1000 --seed 7 -o replicates.csv\n"
     "hersurv patients simulate CLEOPATRA --joint --dependence 0.5 -o pfs-and-os.csv\n"
     "hersurv patients reconstruct --curve curve.csv --at-risk at-risk.csv\n"
     "hersurv patients reconstruct CLEOPATRA --endpoint OS --curve curve.csv --at-risk at-risk.csv\n"
     "hersurv patients reconstruct --curve curve.csv --n 402 --events 168 --format catalogue -o digitised.json\n",
     patient_formats, true, make_patients},
    {"check", "check published results for consistency",
     "Checks the published results for errors, compares each with its fitted value, and checks the claims about them. "
     "Exits with 1 if anything fails.",
     "hersurv check\n"
     "hersurv check EMILIA --format json\n"
     "hersurv check --no-builtin --catalogue catalogue --format github\n",
     check_formats, true, make_check},
    {"validate", "validate catalogue files",
     "Reads each file and reports every error and where it is. Exits with 1 if a file is invalid.",
     "hersurv validate mine.json\n"
     "hersurv validate folder --format csv\n"
     "hersurv validate catalogue --format github\n"
     "hersurv template | hersurv validate -\n",
     check_formats, false, make_validate},
    {"schema", "print the JSON Schema of the catalogue format", "Prints the schema for editors and other validators.",
     "hersurv schema -o catalogue.schema.json\n", no_formats, false, make_schema},
    {"template", "print a minimal catalogue to fill in",
     "Prints a small valid catalogue: replace its results with those of a paper. --format csv prints a table with one "
     "row per arm, for a spreadsheet; it is accepted wherever a catalogue is.",
     "hersurv template -o mine.json\n"
     "hersurv template --format csv -o mine.csv\n",
     template_formats, false, make_template},
    {"completion", "print shell completion of commands, options and trials",
     "Prints a completion script for the shell.",
     "source <(hersurv completion bash)\n"
     "hersurv completion zsh > ~/.zfunc/_hersurv\n"
     "hersurv completion fish > ~/.config/fish/completions/hersurv.fish\n",
     no_formats, false, make_completion},
    {"__complete", "the words that completion scripts ask for", "", "", no_formats, true, make_complete},
    {"__docs", "the manual of all commands as Markdown", "", "", no_formats, false, make_docs},
    {"__man", "the manual of all commands as a manual page", "", "", no_formats, false, make_manual_page},
    {"__rules", "the rules of check as Markdown", "", "", no_formats, false, make_rules},
    {"__review-audit", "the audit of the review as Markdown", "", "", no_formats, true, make_review_audit},
    {"__index", "the index of the built-in catalogue, as CSV", "", "", no_formats, true, make_index},
};

}  // namespace

std::span<const CommandRow> commands() { return all_commands; }

}  // namespace hersurv::cli
