// `template`: a minimal catalogue to fill in, as a document or as a table.
#include "catalogue/builtin.hpp"
#include "cli/command.hpp"

namespace hersurv::cli {
namespace {

class Template : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& context) override {
        const bool table = context.global.format == "csv";
        return {std::string(table ? catalogue::builtin_table_template() : catalogue::builtin_template()),
                support::ExitCode::ok};
    }
};

}  // namespace

std::unique_ptr<Command> make_template() { return std::make_unique<Template>(); }

}  // namespace hersurv::cli
