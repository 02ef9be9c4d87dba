// `__review-audit`: docs/review-audit.md, as Markdown.
#include "report/review_audit.hpp"

#include "cli/command.hpp"
#include "render/formats.hpp"

namespace hersurv::cli {
namespace {

class ReviewAuditCommand : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& context) override {
        const render::Report page = report::review_audit(context.library.all(), context.global.threads);
        return {render::find_format("markdown")->render(page, {}), support::ExitCode::ok};
    }
};

}  // namespace

std::unique_ptr<Command> make_review_audit() { return std::make_unique<ReviewAuditCommand>(); }

}  // namespace hersurv::cli
