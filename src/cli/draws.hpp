// `--draws`, which `fit` and `curve` have in common.
#pragma once

#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "report/draws.hpp"
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::cli {

class DrawsChoice {
  public:
    void setup(OptionTable& options, std::string help);
    // Whether draws are asked for. Throws UsageError for a format that cannot hold them, for one of `beside` (option,
    // and why it does not go with draws), and for --seed without draws.
    [[nodiscard]] bool asked(const Context& context,
                             const std::vector<std::pair<std::string_view, std::string_view>>& beside) const;
    [[nodiscard]] report::DrawsOptions options(const Context& context, const FitsOfSelection& fits) const;

  private:
    std::uint64_t n_ = 0;
};

// Says of which arms there are no draws; throws NotFoundError if there are none at all. `fits`: what the draws are of.
[[nodiscard]] Answer write_draws(std::shared_ptr<const FitsOfSelection> fits,
                                 std::shared_ptr<const report::Draws> draws, Context& context);

}  // namespace hersurv::cli
