// `__docs`: the manual of all commands as Markdown, which docs/commands.md holds.
#include "commands_private.hpp"
#include "help.hpp"

namespace hersurv::cli {
namespace {

class Docs : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& /*context*/) override { return {commands_markdown(), support::ExitCode::ok}; }
};

}  // namespace

std::unique_ptr<Command> make_docs() { return std::make_unique<Docs>(); }

}  // namespace hersurv::cli
