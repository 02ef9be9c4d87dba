// `plot`: figures of trials and across trials.
#include "cli/choices.hpp"
#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "cli/options.hpp"
#include "report/figures.hpp"
#include <algorithm>

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
        options.add("KIND", "", &kind_, "what is drawn, where it is not a trial already: " + kinds_text()).choices =
            kind_names;
        source_.setup(options, ArmOption::id_or_numbers);
        models_.setup(options);
        band_.setup(options);
        options.add("--times", "LIST|RANGE", &times_,
                    "months that are marked on the time axis, with the numbers at risk: 12,24,60 or first:last:step");
        auto& horizon = options.add("--horizon", "MONTHS", &horizon_, "end of the time axis");
        horizon.default_text = "the end of the longest supported range";
        horizon.accepted = "a number of months from 0.001 to 10000";
        horizon.valid = [this] { return horizon_ > 0 && catalogue::is_time_in_months(horizon_); };
        auto& width = options.add("--width", "CM", &width_, "width of an svg, pdf or png, in centimetres");
        width.accepted = "a number of centimetres from 4 to 100";
        width.valid = [this] { return width_ >= 4 && width_ <= 100; };
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
            if (option.starts_with("--") && option != "--width" && option != "--dpi" && !chooses(option, kind.takes))
                throw UsageError("plot " + std::string(kind.name) + " takes no " + option + "; it takes " +
                                 options_of(kind.takes));
        report::FigureOptions options;
        options.interval = band_.intervals(context.global);
        if (selection.filter.endpoint.empty() && selection.filter.analysis.empty())
            selection.filter.endpoint = kind.default_endpoint;
        if (!times_.empty()) options.times_months = parse_times(times_);
        if (horizon_ > 0) options.horizon_months = horizon_;
        if (named == nullptr && kind_.empty() && selection.arms.empty())
            throw UsageError("name a trial or a kind of figure: " + joined(kind_names()));
        report::ComparisonInput input;
        const FitsOfSelection fits = fit_selection(selection, kind.fits ? models_ : ModelChoice{{}}, context);
        input.fits = fits.fits;
        input.trials = fits.trials;
        options.takes_arm = fits.takes_arm;
        render::Figure figure = kind.build(input, options);
        figure.width_cm = width_;
        figure.dots_per_inch = dpi_;
        return {std::move(figure)};
    }

  private:
    std::string kind_, times_;
    Selection source_;
    ModelChoice models_{{"auto"}};
    BandChoice band_{fit::Band::population};
    double horizon_ = 0, width_ = render::Figure{}.width_cm, dpi_ = render::Figure{}.dots_per_inch;
};

}  // namespace

std::unique_ptr<Command> make_plot() { return std::make_unique<PlotCommand>(); }

}  // namespace hersurv::cli
