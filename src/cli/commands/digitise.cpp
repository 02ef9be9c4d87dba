// `digitise`: from the picture of a Kaplan-Meier figure to its curves.
#include "hersurv/digitise.hpp"

#include "catalogue/record_writer.hpp"
#include "cli/command.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/options.hpp"
#include "cli/published_figure.hpp"
#include "digitise/overlay.hpp"
#include "render/figure_formats/rsvg.hpp"
#include "render/formats.hpp"
#include "report/digitise_report.hpp"
#include "report/digitised_record.hpp"
#include "support/file.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <memory>

namespace hersurv::cli {
namespace {

using support::UsageError;

std::vector<std::string> parts_of(const std::string& text, char separator) {
    std::vector<std::string> parts{""};
    for (const char c : text)
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

// The numbers between separators; `expected` says what is accepted.
std::vector<double> numbers_of(const std::string& option, const std::string& text, char separator,
                               const std::string& expected) {
    std::vector<double> numbers;
    for (const std::string& part : parts_of(text, separator)) {
        const auto number = support::parse_number(part);
        if (!number) throw UsageError(option + " " + text + ": expected " + expected);
        numbers.push_back(*number);
    }
    return numbers;
}

std::optional<digitise::Hints::Axis> axis_of_option(const std::string& option, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const std::string expected = "from:to:step, such as " + std::string(option == "--x" ? "0:48:12" : "0:1:0.25");
    const std::vector<double> numbers = numbers_of(option, text, ':', expected);
    if (numbers.size() != 3 || numbers[1] <= numbers[0] || numbers[2] <= 0 || numbers[2] > numbers[1] - numbers[0])
        throw UsageError(option + " " + text + ": expected " + expected);
    return digitise::Hints::Axis{numbers[0], numbers[1], numbers[2]};
}

// The two sides of NAME=VALUE.
std::pair<std::string, std::string> assignment(const std::string& option, const std::string& text,
                                               const std::string& expected) {
    const std::size_t sign = text.rfind('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
        throw UsageError(option + " " + text + ": expected " + expected);
    return {text.substr(0, sign), text.substr(sign + 1)};
}

std::string ending_of(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? "" : path.substr(dot + 1);
}

void write_table(const std::string& option, const std::string& path, const render::Report& report) {
    const render::Format* const format = render::find_format(ending_of(path));
    if (format == nullptr || format->human)
        throw UsageError(option + " " + path + ": unknown file extension; use .csv, .tsv, .json or .jsonl");
    support::write_file_whole(path, format->render(report, {}));
}

// The messages of the library say what is missing; these options give it.
support::InputError with_digitise_options(const support::InputError& error) {
    std::vector<support::Fault> faults = error.faults();
    for (support::Fault& fault : faults) {
        const auto add = [&](std::string_view text, std::string_view options) {
            if (fault.remedy.find(text) != std::string::npos) fault.remedy += " (" + std::string(options) + ")";
        };
        add("range of both axes", "--x, --y, --box");
        add("choose one of them", "--panel");
        add("colour of each curve", "--colour ARM=#hex");
        add("give one of 1 to", "--page");
        add("leave out the page", "--page");
    }
    return support::InputError(std::move(faults));
}

class DigitiseCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        options.add("FIGURE", "", &figures_, "pictures of Kaplan-Meier figures: PDF, SVG, PNG or JPEG").required = true;
        options.add("--page", "N", &page_, "page of a PDF").default_text = "the first";
        options.add("--panel", "N", &panel_, "panel of a figure with several. They are counted from the upper left")
            .default_text = "the only one";
        options.add("--x", "FROM:TO:STEP", &x_, "labels of the time axis, if they cannot be read: 0:48:12");
        options.add("--y", "FROM:TO:STEP", &y_, "labels of the survival axis: 0:1:0.25 or 0:100:20");
        options.add(
            "--box", "L,T,R,B", &box_,
            "where the axes are in the picture. In pixels or units of the page from the upper left corner: left "
            "at the first time, top at the highest survival, right at the last time, bottom at the lowest "
            "survival");
        options.add("--arms", "N", &arms_, "number of curves").default_text = "as many as are found";
        options.add("--colour", "ARM=#HEX", &colours_, "colour of the curve of an arm. Give it once for each arm");
        options.add(
            "--point", "ARM=TIME:S", &points_,
            "a point on the curve of an arm. It corrects a curve that was followed wrongly; the arm is named by its "
            "name, or 1 for the upper one");
        options.add("--failure", "", &failure_,
                    "the curves are cumulative incidences. They rise from 0, and 1 - incidence is written");
        auto& unit = options.add("--time-unit", "UNIT", &time_unit_, "unit of the time axis");
        unit.closed = true;
        unit.choices = [] { return std::vector<std::string>{"days", "weeks", "months", "years"}; };
        unit.spellings = {{"day", "days"}, {"week", "weeks"}, {"month", "months"}, {"year", "years"}};
        unit.default_text = "from the title of the axis";
        options.add("--arm-names", "A,B", &arm_names_, "names of the arms, the upper curve first").default_text =
            "from the legend, else their colours";
        options.add(
            "--write-at-risk", "FILE", &at_risk_file_,
            "write the numbers at risk. As csv, tsv, json or jsonl by the ending; what could not be read is left out");
        options.add("--write-censored", "FILE", &censored_file_,
                    "write the times of the censor marks. As csv, tsv, json or jsonl by the ending");
        options.add("--overlay", "FILE", &overlay_,
                    "draw the reading over the picture. As svg or png by the ending; one look confirms it");
        options.add("--trial", "NAME", &trial_, "compare the reading with the results of a trial");
        options
            .add(
                "--endpoint", "NAME", &selection_.filter.endpoint,
                "endpoint of the figure. With --trial the analysis to compare with; of --format catalogue the endpoint "
                "of the record")
            .default_text = "from the title of the survival axis";
        options.add("--analysis", "ID", &selection_.filter.analysis, "analysis of the trial to compare with");
        options.add("--accept-doubtful", "", &accept_doubtful_, "write curves whose reading is doubtful");
    }

    Answer run(Context& context) override {
        const digitise::Hints hints = read_hints(context);
        if (!overlay_.empty() && figures_.size() > 1) throw UsageError("--overlay is drawn over one figure; give one");
        if (!overlay_.empty() && ending_of(overlay_) != "svg" && ending_of(overlay_) != "png")
            throw UsageError("--overlay " + overlay_ + ": unknown file extension; use .svg or .png");
        std::vector<report::DigitisedFigure> read;
        std::string overlay;
        for (const std::string& file : figures_) {
            const std::string bytes =
                file == "-" ? support::read_stream(context.in, "standard input") : support::read_file(file);
            const std::string name = file == "-" ? "standard input" : file;
            try {
                read.push_back({name, digitise::read(bytes, name, hints), failure_});
                if (!overlay_.empty()) overlay = digitise::overlay_svg(bytes, name, read.back().reading, hints);
            } catch (const support::InputError& error) {
                throw with_digitise_options(error);
            }
        }
        // The overlay shows what is doubtful; everything else is not written then.
        if (!overlay_.empty()) write_overlay(overlay, read.front().reading);
        render::Report report = report::digitise_report(read);
        const patients::PublishedFigure published = compare(read, report, context);
        refuse_untrusted(read, report, context);
        write_if_any("--write-at-risk", at_risk_file_, report::digitised_at_risk(read),
                     "no number at risk could be read", context);
        write_if_any("--write-censored", censored_file_, report::digitised_censored(read), "no censor marks were found",
                     context);
        const render::Format* const format = render::find_format(context.global.format);
        if (format == nullptr || !format->human) say(report, context);
        if (context.global.format == "catalogue") return {catalogue_of(read, published)};
        return {std::move(report)};
    }

  private:
    // Puts the published numbers of the trial beside those that were read.
    patients::PublishedFigure compare(const std::vector<report::DigitisedFigure>& figures, render::Report& report,
                                      Context& context) {
        patients::PublishedFigure published;
        published.results.resize(figures.front().reading.arms.size());
        if (trial_.empty()) return published;
        if (figures.size() > 1) throw UsageError("--trial is compared with one figure; give one");
        const report::DigitisedFigure& figure = figures.front();
        if (!figure.reading.months_per_unit)
            throw UsageError("--trial " + trial_ + ": the unit of time is not known; give it with --time-unit");
        selection_.trials = {trial_};
        if (selection_.filter.endpoint.empty()) selection_.filter.endpoint = endpoint_of(figure).value_or("");
        const std::optional<SelectedAnalysis> analysis = published_analysis(selection_, context);
        std::vector<std::string> names;
        for (const digitise::Arm& arm : figure.reading.arms) names.push_back(arm.name);
        published.trial = analysis->trial;
        published.analysis = analysis->analysis;
        published.results = published_results(analysis, names, selection_, " with --arm-names, the upper curve first");
        const std::vector<report::ComparedNumber> numbers = report::compare_published(figure, published);
        for (const std::string& unlike : report::unlike_numbers(numbers)) context.say("warning: " + unlike);
        report.sections.push_back(report::comparison_section(published, numbers));
        return published;
    }

    // As it is given, else as the survival axis says.
    [[nodiscard]] std::optional<std::string> endpoint_of(const report::DigitisedFigure& figure) const {
        if (!selection_.filter.endpoint.empty()) return selection_.filter.endpoint;
        return report::endpoint_of_title(figure.reading.panels[figure.reading.panel].survival.title);
    }

    [[nodiscard]] std::string catalogue_of(const std::vector<report::DigitisedFigure>& figures,
                                           const patients::PublishedFigure& published) const {
        if (figures.size() > 1) throw UsageError("--format catalogue writes the record of one figure; give one");
        const report::DigitisedFigure& figure = figures.front();
        if (!figure.reading.months_per_unit)
            throw UsageError("--format catalogue: the unit of time is not known; give it with --time-unit");
        return support::write_json(catalogue::write_record(
                   report::digitised_record(figure, published, endpoint_of(figure).value_or("OS")))) +
               "\n";
    }

    [[nodiscard]] digitise::Hints read_hints(const Context& context) const {
        digitise::Hints hints;
        const auto whole = [&](const std::string& option, int value) -> std::optional<int> {
            if (!context.given.contains(option)) return std::nullopt;
            if (value < 1) throw UsageError(option + " " + std::to_string(value) + ": expected a whole number from 1");
            return value;
        };
        hints.page = whole("--page", page_);
        hints.panel = whole("--panel", panel_);
        hints.arms = whole("--arms", arms_);
        hints.time = axis_of_option("--x", x_);
        hints.survival = axis_of_option("--y", y_);
        if (!box_.empty()) {
            const std::vector<double> sides = numbers_of("--box", box_, ',', "left,top,right,bottom");
            if (sides.size() != 4 || sides[2] <= sides[0] || sides[3] <= sides[1])
                throw UsageError("--box " + box_ + ": expected left,top,right,bottom");
            hints.box = digitise::Rectangle{sides[0], sides[1], sides[2], sides[3]};
        }
        for (const std::string& text : colours_) {
            const auto [arm, colour] = assignment("--colour", text, "ARM=#hex, such as control=#1f77b4");
            hints.colours.push_back({arm, colour});
        }
        for (const std::string& text : points_) {
            const std::string expected = "ARM=time:survival, such as control=24:0.61";
            const auto [arm, place] = assignment("--point", text, expected);
            const std::vector<double> numbers = numbers_of("--point", place, ':', expected);
            if (numbers.size() != 2 || numbers[0] < 0 || numbers[1] < 0 || numbers[1] > 1)
                throw UsageError("--point " + text + ": expected " + expected);
            hints.points.push_back({arm, numbers[0], numbers[1]});
        }
        if (!arm_names_.empty()) hints.names = parts_of(arm_names_, ',');
        hints.failure = failure_;
        hints.time_unit = time_unit_;
        return hints;
    }

    void write_overlay(const std::string& svg, const digitise::Reading& reading) const {
        if (ending_of(overlay_) == "svg") return support::write_file_whole(overlay_, svg);
        // At least as many pixels as the picture has, and enough to see a line of a page.
        constexpr double least_side = 1400, most_side = 8000;
        const double side = std::max(reading.width, reading.height);
        const double scale = std::clamp(side, least_side, most_side) / side;
        const auto pixels = [&](double length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
        support::write_file_whole(overlay_, render::png_of_svg(svg, pixels(reading.width), pixels(reading.height)));
    }

    // A table without rows would stop those who read it.
    static void write_if_any(const std::string& option, const std::string& path, const render::Report& report,
                             const std::string& nothing, Context& context) {
        if (path.empty()) return;
        if (report.table.rows.empty())
            context.say("warning: " + nothing + "; " + path + " is not written");
        else
            write_table(option, path, report);
    }

    // A curve that cannot be trusted is not written. Throws InputError with the reasons of every such arm.
    void refuse_untrusted(const std::vector<report::DigitisedFigure>& figures, const render::Report& report,
                          Context& context) const {
        std::vector<support::Fault> faults;
        for (const report::DigitisedFigure& figure : figures)
            for (const digitise::Arm& arm : figure.reading.arms) {
                const digitise::Verdict verdict = arm.certificate.verdict;
                if (verdict == digitise::Verdict::sure) continue;
                const std::string why =
                    "arm " + arm.name + ": " +
                    (arm.certificate.reasons.empty() ? "the curve cannot be trusted" : joined(arm.certificate.reasons));
                if (verdict == digitise::Verdict::doubtful && accept_doubtful_)
                    context.say("warning: " + figure.file + ": " + why);
                else
                    faults.push_back({figure.file, "", why,
                                      verdict == digitise::Verdict::doubtful
                                          ? "look at it with --overlay, correct it with --point or --colour, or write "
                                            "it with --accept-doubtful"
                                          : "give --x, --y, --box, --arms or --colour, or use a larger picture"});
            }
        if (faults.empty()) return;
        say(report, context);
        throw support::InputError(std::move(faults));
    }

    std::vector<std::string> figures_, colours_, points_;
    int page_ = 0, panel_ = 0, arms_ = 0;
    std::string x_, y_, box_, time_unit_, arm_names_, at_risk_file_, censored_file_, overlay_, trial_;
    Selection selection_;
    bool failure_ = false, accept_doubtful_ = false;
};

}  // namespace

std::unique_ptr<Command> make_digitise() { return std::make_unique<DigitiseCommand>(); }

}  // namespace hersurv::cli
