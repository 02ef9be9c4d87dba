// `template`: a minimal catalogue to fill in.
#include "catalogue/builtin.hpp"
#include "cli/command.hpp"

namespace hersurv::cli {
namespace {

class Template : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& /*context*/) override {
        return {std::string(catalogue::builtin_template()), support::ExitCode::ok};
    }
};

}  // namespace

std::unique_ptr<Command> make_template() { return std::make_unique<Template>(); }

}  // namespace hersurv::cli
