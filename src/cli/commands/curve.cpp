// `curve`: S(t) with its band.
#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "report/curve_report.hpp"

namespace hersurv::cli {
namespace {

class CurveCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        source_.setup(options);
        models_.setup(options);
        band_.setup(options);
        options.add("--times", "LIST|RANGE", &times_,
                    "months: 12,24,60 or first:last:step (default: 0 to the end of the supported range, by 1 month)");
    }

    Answer run(Context& context) override {
        report::CurveReportOptions options;
        if (!times_.empty()) options.times_months = parse_times(times_);
        options.interval = band_.intervals(context.global);
        const FitsOfSelection fits = fit_source(source_, models_, context);
        options.takes_arm = fits.takes_arm;
        for (const auto* trial : fits.without_numbers)
            context.say(trial->id + ": no survival numbers in the catalogue, no curve");
        return {report::curve_report(fits.fits, fits.without_numbers, options)};
    }

  private:
    FitSource source_;
    ModelChoice models_{{"auto"}};
    BandChoice band_{fit::Band::reconstruction};
    std::string times_;
};

}  // namespace

std::unique_ptr<Command> make_curve() { return std::make_unique<CurveCommand>(); }

}  // namespace hersurv::cli
