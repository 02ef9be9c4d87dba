// `__index`: writes data/catalogue_index.csv, the summaries that `list` prints of the built-in trials.
#include "cli/command.hpp"
#include "report/trial_summary.hpp"

namespace hersurv::cli {
namespace {

class Index : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& context) override { return {report::summaries_index(context.library.select({}))}; }
};

}  // namespace

std::unique_ptr<Command> make_index() { return std::make_unique<Index>(); }

}  // namespace hersurv::cli
