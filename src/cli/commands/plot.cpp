// `plot`: figures of trials and across trials.
#include "hersurv/patients.hpp"

#include "cli/choices.hpp"
#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "cli/options.hpp"
#include "cli/table_options.hpp"
#include "report/figures.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace hersurv::cli {
namespace {

using support::UsageError;

std::vector<std::string> kind_names() {
    std::vector<std::string> names;
    for (const auto& kind : report::figure_kinds()) names.emplace_back(kind.name);
    return names;
}

std::string kinds_text() {
    std::string text;
    for (const auto& kind : report::figure_kinds())
        text += (text.empty() ? "" : "; ") + std::string(kind.name) + ": " + std::string(kind.summary);
    return text;
}

class PlotCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        options.add("KIND", "", &kind_, "kind of figure, or a trial already. " + kinds_text()).choices = kind_names;
        source_.setup(options, ArmOption::id_or_numbers);
        models_.setup(options);
        band_.setup(options);
        options.add("--times", "LIST|RANGE", &times_,
                    "months marked on the time axis. They also have numbers at risk: 12,24,60 or first:last:step");
        auto& horizon = options.add("--horizon", "MONTHS", &horizon_, "end of the time axis");
        horizon.default_text = "the end of the longest supported range";
        horizon.accepted = "a number of months from 0.001 to 10000";
        horizon.valid = [this] { return horizon_ > 0 && catalogue::is_time_in_months(horizon_); };
        options.add("--extrapolate", "", &extrapolate_,
                    "draw curves to the end of the axis. Else they end soon after the published estimates");
        options.add("--overlay", "[ARM=]FILE", &overlay_,
                    "digitised Kaplan-Meier curve to draw over them. A table of times and survival, in any layout that "
                    "patients reconstruct reads; - reads stdin");
        auto& role = options.add("--role", "ROLE", &role_, "only arms of this role");
        role.choices = [] { return std::vector<std::string>{"experimental", "control", "single"}; };
        role.closed = true;
        auto& facet = options.add("--facet", "WHAT", &facet_, "a panel of its own for each trial or arm");
        facet.choices = [] { return std::vector<std::string>{"none", "trial", "arm"}; };
        facet.closed = true;
        add_layout(options);
    }

    void add_layout(OptionTable& options) {
        options.add("--title", "TEXT", &title_, "title of the figure").default_text = "the trials and the endpoint";
        auto& caption = options.add("--caption", "LENGTH", &caption_,
                                    "text below the figure. What is left out is in the description of an svg");
        caption.choices = [] { return std::vector<std::string>{"none", "short", "full"}; };
        caption.closed = true;
        const auto centimetres = [](OptionTable::Row& row, const double& value) {
            row.accepted = "a number of centimetres from 1 to 200";
            row.valid = [&value] { return value >= 1 && value <= 200; };
        };
        centimetres(options.add("--width", "CM", &width_, "width of an svg, pdf or png, in centimetres"), width_);
        auto& height = options.add("--height", "CM", &height_, "height of an svg, pdf or png, in centimetres");
        height.default_text = "five sevenths of the width, or what the content needs";
        centimetres(height, height_);
        auto& aspect =
            options.add("--aspect", "W:H", &aspect_, "width to height of an svg, pdf or png: 16:9 for slides");
        aspect.accepted = "two numbers, as 16:9";
        aspect.valid = [this] { return height_of_aspect().has_value(); };
        auto& size = options.add("--font-size", "POINTS", &type_, "size of the type of an svg, pdf or png, in points");
        size.accepted = "a number of points from 6 to 72";
        size.valid = [this] { return type_ >= render::least_type_points && type_ <= 72; };
        auto& dpi = options.add("--dpi", "N", &dpi_, "pixels an inch of a png");
        dpi.accepted = "a number from 20 to 2400";
        dpi.valid = [this] { return dpi_ >= 20 && dpi_ <= 2400; };
    }

    Answer run(Context& context) override {
        Selection selection = source_;
        const report::FigureKind* named = report::find_figure_kind(kind_);
        if (named == nullptr && !kind_.empty()) selection.trials.insert(selection.trials.begin(), kind_);
        const report::FigureKind& kind = named == nullptr ? report::figure_kinds().front() : *named;
        for (const std::string& option : context.given)
            if (option.starts_with("--") && !is_layout(option) && !chooses(option, kind.takes))
                throw UsageError("plot " + std::string(kind.name) + " takes no " + option + "; it takes " +
                                 options_of(kind.takes));
        if (context.given.contains("--height") && context.given.contains("--aspect"))
            throw UsageError("--height and --aspect both set the height; give one of them");
        report::FigureOptions options;
        options.interval = band_.intervals(context.global);
        if (selection.filter.endpoint.empty() && selection.filter.analysis.empty())
            selection.filter.endpoint = kind.default_endpoint;
        if (!times_.empty()) options.times_months = parse_times(times_);
        if (horizon_ > 0) options.horizon_months = horizon_;
        options.role = role_;
        options.extrapolate = extrapolate_;
        options.facet = facet_ == "trial" ? report::Facet::trial
                        : facet_ == "arm" ? report::Facet::arm
                                          : report::Facet::none;
        if (named == nullptr && kind_.empty() && selection.arms.empty())
            throw UsageError("name a trial or a kind of figure: " + joined(kind_names()));
        report::ComparisonInput input;
        const FitsOfSelection fits = fit_selection(selection, kind.fits ? models_ : ModelChoice{{}}, context);
        input.fits = fits.fits;
        input.trials = fits.trials;
        options.takes_arm = fits.takes_arm;
        options.overlays = read_overlays(context);
        render::Figure figure = kind.build(input, options);
        lay_out(figure, context);
        return {std::move(figure)};
    }

  private:
    static bool is_layout(const std::string& option) {
        static const std::set<std::string> layout = {"--width",   "--height",    "--aspect", "--title",
                                                     "--caption", "--font-size", "--dpi"};
        return layout.contains(option);
    }

    [[nodiscard]] std::vector<report::OverlayCurve> read_overlays(Context& context) const {
        std::vector<report::OverlayCurve> curves;
        if (overlay_.empty()) return curves;
        TableFiles texts;
        patients::DigitisedFiles files;
        for (const std::string& path : overlay_) files.curve.push_back(texts.read_of_arm(path, {}, context));
        const patients::Digitised digitised = patients::read_digitised(files);
        for (const std::string& warning : digitised.warnings) context.say("warning: " + warning);
        for (const patients::DigitisedArm& arm : digitised.arms) {
            report::OverlayCurve& curve = curves.emplace_back();
            for (const patients::Click& click : arm.clicks) {
                curve.times_months.push_back(click.time_months);
                curve.survival.push_back(click.survival);
            }
        }
        return curves;
    }

    // "16:9": the height of a figure of this width.
    [[nodiscard]] std::optional<double> height_of_aspect() const {
        const std::size_t colon = aspect_.find(':');
        if (colon == std::string::npos) return std::nullopt;
        const auto width = support::parse_number(std::string_view(aspect_).substr(0, colon)),
                   height = support::parse_number(std::string_view(aspect_).substr(colon + 1));
        if (!width || !height || !(*width > 0) || !(*height > 0)) return std::nullopt;
        const double centimetres = width_ * *height / *width;
        return std::isfinite(centimetres) ? std::optional(centimetres) : std::nullopt;
    }

    void lay_out(render::Figure& figure, const Context& context) const {
        figure.width_cm = width_;
        if (height_ > 0) figure.height_cm = height_;
        if (!aspect_.empty()) figure.height_cm = height_of_aspect();
        figure.type_points = type_;
        figure.dots_per_inch = dpi_;
        if (context.given.contains("--title")) figure.title = title_;
        figure.caption_length = caption_ == "none"   ? render::CaptionLength::none
                                : caption_ == "full" ? render::CaptionLength::full
                                                     : render::CaptionLength::short_line;
    }

    std::vector<std::string> overlay_;
    std::string kind_, times_, role_, facet_ = "none", title_, caption_ = "short", aspect_;
    Selection source_;
    ModelChoice models_{{"auto"}};
    BandChoice band_{fit::Band::population};
    bool extrapolate_ = false;
    double horizon_ = 0, width_ = render::Figure{}.width_cm, height_ = 0, type_ = render::Figure{}.type_points,
           dpi_ = render::Figure{}.dots_per_inch;
};

}  // namespace

std::unique_ptr<Command> make_plot() { return std::make_unique<PlotCommand>(); }

}  // namespace hersurv::cli
