// `schema`: the JSON Schema of the catalogue format.
#include "catalogue/builtin.hpp"
#include "cli/command.hpp"

namespace hersurv::cli {
namespace {

class Schema : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& /*context*/) override {
        return {std::string(catalogue::builtin_schema()), support::ExitCode::ok};
    }
};

}  // namespace

std::unique_ptr<Command> make_schema() { return std::make_unique<Schema>(); }

}  // namespace hersurv::cli
