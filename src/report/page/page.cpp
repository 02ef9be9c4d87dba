// The page of a selection of trials: what is seen first are the curves, then the comparisons, then each trial, the
// audit and the method.
#include "report/page/page.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/characters.hpp"
#include "render/formats.hpp"
#include "render/html_parts.hpp"
#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include "report/page/builtin_page.hpp"
#include "report/page/page_data.hpp"
#include "report/trials_table.hpp"
#include "support/number_text.hpp"
#include "support/parallel.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <set>

namespace hersurv::report {
namespace {

std::string safe(std::string_view text) { return xml_escaped(without_controls(text)); }

std::string paragraph(std::string_view text) { return "  <p>" + safe(text) + "</p>\n"; }

// What is unreserved in an address; everything else as its bytes (RFC 3986, section 2).
std::string percent_encoded(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           std::string_view("-._~/()").find(c) != std::string_view::npos;
        result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return result;
}

std::string link(const std::string& start, const std::string& identifier, const std::string& words) {
    return "<a href=\"" + start + percent_encoded(identifier) + "\" rel=\"noreferrer\">" + safe(words) + "</a>";
}

// The analyses that a table or figure with this default endpoint shows.
ComparisonInput input_for(const PageInput& input, const PageOptions& options, std::string_view default_endpoint) {
    ComparisonInput result = input.selection;
    if (!options.analyses_chosen && !default_endpoint.empty())
        std::erase_if(result.fits, [&](const AnalysisFit& fit) { return fit.analysis->endpoint != default_endpoint; });
    return result;
}

std::vector<PageTable> tables_of(const PageInput& input, const PageOptions& options) {
    std::vector<PageTable> tables = {{"trials", trials_table(input.selection.trials)}};
    tables.front().report.title = "Trials";
    for (const ComparisonTable& kind : comparison_tables()) {
        ComparisonInput own = input_for(input, options, kind.default_endpoint);
        if (own.fits.empty() && !kind.default_endpoint.empty()) continue;
        Report report = kind.build(own, options.tables);
        if (report.table.rows.empty()) continue;
        tables.push_back({std::string(kind.name), std::move(report)});
    }
    return tables;
}

// A figure of the page, drawn.
struct PageFigure {
    std::string name;  // of the file that it is saved to
    const FigureKind* kind = nullptr;
    ComparisonInput input;
    const catalogue::Trial* trial = nullptr;  // nullptr: across trials
    std::string svg{};
    std::string problem{};  // why there is none
};

// The analyses whose curves the figures of a trial show: of OS and PFS, the first one where it has neither, and all
// that were asked for.
std::vector<const AnalysisFit*> drawn_analyses(const PageInput& input, const PageOptions& options,
                                               const catalogue::Trial* trial) {
    std::vector<const AnalysisFit*> all, main;
    for (const AnalysisFit& fit : input.selection.fits) {
        if (fit.trial != trial) continue;
        all.push_back(&fit);
        if (fit.analysis->endpoint == "OS" || fit.analysis->endpoint == "PFS") main.push_back(&fit);
    }
    if (options.analyses_chosen || all.empty()) return all;
    std::ranges::stable_sort(main, {}, [](const AnalysisFit* fit) { return fit->analysis->endpoint; });
    return main.empty() ? std::vector{all.front()} : main;
}

std::vector<PageFigure> figures_of(const PageInput& input, const PageOptions& options) {
    std::vector<PageFigure> figures;
    for (const FigureKind& kind : figure_kinds())
        if (!kind.fits)
            figures.push_back({std::string(kind.name), &kind, input_for(input, options, kind.default_endpoint)});
    const FigureKind& survival = figure_kinds().front();
    for (const catalogue::Trial* trial : input.selection.trials)
        for (const AnalysisFit* fit : drawn_analyses(input, options, trial))
            figures.push_back({trial->id + "-" + fit->analysis->id, &survival, {{*fit}, {trial}}, trial});
    support::parallel_for(figures.size(), options.tables.threads, [&](std::size_t i) {
        try {
            Figure figure = figures[i].kind->build(figures[i].input, options.figures);
            figure.caption_length = CaptionLength::full;
            figures[i].svg = find_figure_format("svg")->render(figure, FigureRenderOptions{});
        } catch (const support::NotFoundError& error) {
            // Across trials it is enough that nothing is there.
            if (figures[i].trial != nullptr) figures[i].problem = error.what();
        } catch (const support::UsageError& error) {
            figures[i].problem = error.what();
        }
    });
    std::erase_if(figures, [](const PageFigure& figure) { return figure.svg.empty() && figure.problem.empty(); });
    return figures;
}

std::string figure_html(const PageFigure& figure) {
    if (!figure.problem.empty()) return paragraph(figure.name + ": " + figure.problem);
    return "  <figure class=\"drawn\" data-name=\"" + safe(figure.name) + "\">\n" + figure.svg + "  </figure>\n";
}

std::string table_html(const PageTable& table) {
    const LayoutReport layout = lay_out(table.report, RenderOptions{}, Controls::drop);
    std::string text = "  <section class=\"comparison\" data-table=\"" + table.name + "\">\n";
    const LayoutTable& content = layout.sections.front().table.value();
    text += "  <h3>" + xml_escaped(layout.title.empty() ? content.caption : layout.title) + "</h3>\n";
    text += html_table(content);
    return text + "  </section>\n";
}

// The keys of the sources that the numbers of a trial name, in the order in which they come.
std::vector<std::string> source_keys(const catalogue::Trial& trial) {
    std::vector<std::string> keys;
    const auto note = [&](const catalogue::Provenance& from) {
        if (trial.sources.contains(from.source) && std::ranges::find(keys, from.source) == keys.end())
            keys.push_back(from.source);
    };
    const auto note_all = [&](const catalogue::Statistics& prints) {
        for (const auto& print : prints) note(print.from);
    };
    for (const auto& analysis : trial.analyses) {
        for (const auto& arm : analysis.arms) {
            note_all(arm.median);
            note_all(arm.events);
            for (const auto& milestone : arm.milestones) note_all(milestone.survival);
            for (const auto& follow_up : arm.follow_up) note(follow_up.from);
        }
        for (const auto& contrast : analysis.contrasts) {
            note_all(contrast.hazard_ratio);
            for (const auto& p : contrast.p_values) note(p.from);
        }
    }
    for (const auto& response : trial.responses) note(response.from);
    for (const auto& measure : trial.measures) note(measure.from);
    return keys;
}

std::string source_html(const catalogue::Source& source) {
    std::string text = safe(source.citation.empty() ? source.key : source.citation);
    if (!source.doi.empty()) text += ", " + link("https://doi.org/", source.doi, "doi:" + source.doi);
    if (source.doi.empty() && !source.nct.empty())
        text += ", " + link("https://clinicaltrials.gov/study/", source.nct, source.nct);
    if (!source.kind.empty()) text += " <span class=\"kind\">" + safe(source.kind) + "</span>";
    return text;
}

// Which estimates in the curves of a trial come from earlier data cuts.
std::string earlier_cuts_html(const catalogue::Trial& trial, const std::vector<AnalysisFit>& fits) {
    std::vector<std::string> items;
    for (const AnalysisFit& fit : fits) {
        if (fit.trial != &trial) continue;
        for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
            if (const std::string cuts = earlier_cuts_of(fit, arm); !cuts.empty())
                items.push_back(without_controls(fit.analysis->id + ", " + fit.evidence->arms[arm].id + ": " + cuts));
    }
    if (items.empty()) return "";
    return "  <p class=\"cuts\">Estimates from earlier data cuts in these curves</p>\n" +
           html_list(items, " class=\"cuts\"");
}

std::string trial_html(const catalogue::Trial& trial, std::size_t number, const std::vector<AnalysisFit>& fits,
                       const std::vector<PageFigure>& figures) {
    std::string text =
        "  <article class=\"trial\" id=\"trial-" + std::to_string(number) + "\">\n  <h3>" + safe(trial.id) + "</h3>\n";
    std::vector<std::string> about;
    const auto add = [&](const std::string& before, const std::string& words) {
        if (!words.empty()) about.push_back(before + words);
    };
    add("", trial.design);
    add("phase ", trial.phase);
    add("", trial.drug_class);
    add("", trial.agent);
    add("line of therapy: ", trial.line);
    add("", trial.year ? std::to_string(*trial.year) : "");
    if (!about.empty()) text += "  <p class=\"about\">" + safe(support::joined(about, " \xc2\xb7 ")) + "</p>\n";
    if (!trial.population.empty()) text += paragraph(trial.population + ".");
    std::vector<std::string> arms;
    for (const catalogue::Arm& arm : trial.arms) {
        std::string words = arm.id + (arm.name.empty() || arm.name == arm.id ? "" : ": " + arm.name);
        if (!arm.role.empty()) words += " (" + arm.role + ")";
        arms.push_back(words + (arm.n_patients ? ", n " + std::to_string(*arm.n_patients) : ", n not reported"));
    }
    for (std::string& words : arms) words = without_controls(words);
    text += html_list(arms, " class=\"arms\"");
    if (trial.analyses.empty())
        text += paragraph("The catalogue has no survival results of this study, so there is no curve.");
    else if (std::ranges::none_of(figures, [&](const PageFigure& figure) { return figure.trial == &trial; }))
        text += paragraph("None of its analyses was selected.");
    text += "  <div class=\"figures\">\n";
    for (const PageFigure& figure : figures)
        if (figure.trial == &trial) text += figure_html(figure);
    text += "  </div>\n" + earlier_cuts_html(trial, fits);
    const std::vector<std::string> keys = source_keys(trial);
    if (!keys.empty()) {
        text += "  <p class=\"sources\">Sources</p>\n  <ul class=\"sources\">\n";
        for (const std::string& key : keys) text += "    <li>" + source_html(trial.sources.at(key)) + "</li>\n";
        text += "  </ul>\n";
    }
    return text + "  </article>\n";
}

std::string problem_html(const Problem& problem) {
    std::string text = "    <li><span class=\"level " + problem.level + "\">" + problem.level + "</span> <strong>" +
                       safe(problem.place) + "</strong> <code>" + safe(problem.rule) + "</code><br>" +
                       safe(problem.message);
    if (!problem.source.empty()) text += " <span class=\"kind\">" + safe(problem.source) + "</span>";
    if (problem.acknowledged) text += "<br><em>Acknowledged:</em> " + safe(problem.acknowledgement);
    return text + "</li>\n";
}

std::string audit_html(const PageInput& input) {
    std::string text =
        "  <p>The published results, compared with each other, with the claims about them and with the curves shown "
        "here (as <code>hersurv check</code> does).</p>\n";
    for (const std::string& sentence : input.audit_summary) text += paragraph(sentence);
    const auto list = [&](const std::string& level, bool acknowledged) {
        std::string items;
        for (const Problem& problem : input.problems.found)
            if (problem.acknowledged == acknowledged && (acknowledged || problem.level == level))
                items += problem_html(problem);
        return items.empty() ? "" : "  <ul class=\"findings\">\n" + items + "  </ul>\n";
    };
    bool open = false;
    for (const auto& [level, heading] : {std::pair{"error", "Errors"}, {"warning", "Warnings"}, {"note", "Notes"}})
        if (const std::string items = list(level, false); !items.empty()) {
            text += "  <h3>" + std::string(heading) + "</h3>\n" + items;
            open = true;
        }
    if (!open) text += paragraph("No findings, apart from acknowledged ones.");
    if (const std::string items = list("", true); !items.empty())
        text +=
            "  <h3>Acknowledged</h3>\n  <p>Known discrepancies, kept as published, each with the reason.</p>\n  "
            "<details>\n" +
            ("  <summary>" + std::to_string(std::ranges::count_if(input.problems.found, &Problem::acknowledged)) +
             " acknowledged findings</summary>\n") +
            items + "  </details>\n";
    return text;
}

// The expected errors of the curves: a list.
std::string errors_html(const PageInput& input) {
    std::vector<const AnalysisFit*> fits;
    for (const AnalysisFit& fit : input.selection.fits) fits.push_back(&fit);
    std::string text;
    std::vector<std::string> items;
    const auto end_list = [&] {
        text += html_list(items, " class=\"errors\"");
        items.clear();
    };
    for (const std::string& line : accuracy_footnotes(fits)) {
        if (!line.ends_with(':')) {
            items.push_back(without_controls(line));
            continue;
        }
        end_list();
        text += paragraph(line);
    }
    end_list();
    return text;
}

std::string method_html(const PageInput& input, const PageOptions& options) {
    std::string text =
        paragraph(R"(Every published result is an observation of S(t), within its rounding: a median and a
milestone are points of the curve, the confidence limits of a median are the times at which the confidence limits of S(t)
cross one half, and events and the hazard ratio link the arms. A model is fitted to all results of an analysis jointly. )" +
                  models_footnote(input.selection.fits));
    text += paragraph(fmt::format(
        R"(Curves and tables show the {} If the number of patients was not published there is no CI, and the {} is
shown and marked. Before the first published estimate of an arm its curve is borrowed from similar trials: dotted in
figures, marked {} in tables and readings. After the supported range it is extrapolated: dashed in figures, marked {}.)",
        interval_footnote(options.figures.interval, Supposition(input.selection.fits)),
        interval_name(fit::Band::reconstruction, options.figures.interval.level), double_dagger, dagger));
    if (const std::string cuts = earlier_cuts_footnote(input.selection.fits); !cuts.empty()) text += paragraph(cuts);
    text +=
        R"(  <p>The reading line shows the values of <code>hersurv curve --format json</code> at every month of the supported
  range and every third month after it, with more points where the curve bends; in between log S is interpolated
  linearly, which is within about 0.1 percentage points of S(t). Curves end at the chosen horizon, else at 1.5 times
  their supported range. Relative time is months divided by the reconstructed median of the control arm, or by the arm's
  own median if it has no control. Tables are copied with full precision, as <code>hersurv table NAME --format
  csv</code> prints them.</p>
)";
    text += errors_html(input);
    const std::string extrapolation = Supposition(input.selection.fits).extrapolation_meaning();
    return text + R"(  <dl class="notation">
    <div><dt>NR</dt><dd>not reached</dd></div>
    <div><dt>NE</dt><dd>not estimable</dd></div>
    <div><dt>-</dt><dd>not reported</dd></div>
    <div><dt>&dagger;</dt><dd>extrapolated beyond the supported range: )" +
           (extrapolation.empty() ? "intervals have no stated level" : extrapolation) + R"(</dd></div>
    <div><dt>&Dagger;</dt><dd>before the first published estimate: borrowed from similar trials</dd></div>
    <div><dt>&para;</dt><dd>weakly identified: mostly as similar trials ran</dd></div>
    <div><dt>&sect;</dt><dd>reconstruction band: no CI without the number of patients</dd></div>
  </dl>
)";
}

std::string title_of(const PageInput& input) {
    std::vector<std::string> names;
    for (const auto* trial : input.selection.trials) names.push_back(trial->id);
    constexpr std::size_t most_named = 4;
    return (names.size() > most_named ? std::to_string(names.size()) + " trials" : support::joined(names)) +
           ": survival from published results";
}

std::string facts_html(const PageInput& input) {
    std::set<const catalogue::Trial*> with_numbers;
    std::size_t n_curves = 0;
    for (const AnalysisFit& fit : input.selection.fits)
        for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
            if (fit.models.front().fitted(arm)) {
                ++n_curves;
                with_numbers.insert(fit.trial);
            }
    const auto problems = [&](std::string_view level) {
        return std::ranges::count_if(input.problems.found, [&](const Problem& problem) {
            return !problem.acknowledged && problem.level == level;
        });
    };
    const auto fact = [](const std::string& number, const std::string& words) {
        return "    <div><dt>" + words + "</dt><dd>" + number + "</dd></div>\n";
    };
    return "  <dl class=\"facts\">\n" + fact(std::to_string(input.selection.trials.size()), "trials") +
           fact(std::to_string(with_numbers.size()), "with survival curves") +
           fact(std::to_string(n_curves), "curves") + fact(std::to_string(problems("error")), "open errors") +
           fact(std::to_string(problems("warning")), "open warnings") + "  </dl>\n";
}

// What the page shows in this order; a section without content is left out.
struct PageSection {
    std::string id, heading, content;
};

std::vector<PageSection> sections_of(const PageInput& input, const PageOptions& options,
                                     const std::vector<PageTable>& tables, const std::vector<PageFigure>& figures) {
    const bool any_curve = std::ranges::any_of(
        input.selection.fits, [](const AnalysisFit& fit) { return !fit.models.front().free_parameters.empty(); });
    std::string across, comparisons, trials;
    for (const PageFigure& figure : figures)
        if (figure.trial == nullptr) across += figure_html(figure);
    if (!across.empty()) across = "  <div class=\"figures\">\n" + across + "  </div>\n";
    for (const PageTable& table : tables) comparisons += table_html(table);
    for (std::size_t i = 0; i < input.selection.trials.size(); ++i)
        trials += trial_html(*input.selection.trials[i], i + 1, input.selection.fits, figures);
    return {{"curves", "Curves",
             any_curve ? std::string(builtin_page_explorer())
                       : paragraph("None of these trials has survival results that determine a curve.")},
            {"across", "Across trials", std::move(across)},
            {"tables", "Tables", std::move(comparisons)},
            {"trials", "Trials", std::move(trials)},
            {"audit", "Audit", audit_html(input)},
            {"method", "Method", method_html(input, options)}};
}

}  // namespace

std::string page(const PageInput& input, const PageOptions& options) {
    for (const AnalysisFit& fit : input.selection.fits)
        if (fit.models.size() != 1)
            throw support::UsageError("report shows one model at a time; name one with --model");
    const std::vector<PageTable> tables = tables_of(input, options);
    const std::vector<PageFigure> figures = figures_of(input, options);
    const std::string title = safe(title_of(input));
    const auto style = builtin_page_style(), script = builtin_page_script();

    std::string navigation, content;
    for (const PageSection& section : sections_of(input, options, tables, figures)) {
        if (section.content.empty()) continue;
        navigation += fmt::format("    <li><a href=\"#{}\">{}</a></li>\n", section.id, section.heading);
        content += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-head\">\n  <h2 id=\"{0}-head\">{1}</h2>\n",
                               section.id, section.heading);
        content += section.content + "</section>\n";
    }
    std::string text = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; "
        "script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n",
        style.sha256, script.sha256, input.topic.empty() ? title : title + " - " + safe(input.topic), style.text);
    text += "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the curves</a>\n<header>\n  <h1>" + title +
            "</h1>\n" + (input.topic.empty() ? "" : "  <p class=\"topic\">" + safe(input.topic) + "</p>\n") +
            "  <p class=\"lead\">Survival curves reconstructed from published results, comparison tables, and a "
            "consistency check of these results.</p>\n"
            "  <p class=\"caution\">Reconstructed from published summaries, not from patient data, and not a basis for "
            "treatment decisions. Trials differ in population, line of therapy and calendar time: results side by side "
            "do not compare treatments.</p>\n" +
            facts_html(input) + "</header>\n<nav aria-label=\"Sections\">\n  <ul>\n" + navigation +
            "  </ul>\n  <p class=\"search\" hidden><label for=\"search\" class=\"unseen\">Search</label><input "
            "type=\"search\" id=\"search\" placeholder=\"Search trials, drugs, arms\" autocomplete=\"off\"> <span "
            "id=\"found\" role=\"status\"></span></p>\n</nav>\n<main id=\"main\">\n" +
            content +
            "</main>\n<footer>\n  <p>Made by <code>hersurv report</code>. This page works "
            "offline.</p>\n</footer>\n<script type=\"application/json\" id=\"data\">" +
            script_json(page_data(input, options, tables)) + "</script>\n<script>";
    text += script.text;
    return text + "</script>\n</body>\n</html>\n";
}

}  // namespace hersurv::report
