// Non-increasing least squares.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hersurv::support {

// The nearest values that do not rise, by weighted least squares: pool adjacent violators (Ayer, Brunk, Ewing, Reid &
// Silverman 1955, Ann Math Stat 26:641). No weights: all are 1.
[[nodiscard]] inline std::vector<double> antitonic(std::span<const double> values,
                                                   std::span<const double> weights = {}) {
    struct Block {
        double sum, weight;
        std::size_t count;
        [[nodiscard]] double mean() const { return sum / weight; }
    };
    std::vector<Block> blocks;
    blocks.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double weight = weights.empty() ? 1 : weights[i];
        blocks.push_back({weight * values[i], weight, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() < blocks.back().mean()) {
            const Block last = blocks.back();
            blocks.pop_back();
            Block& pooled = blocks.back();
            pooled = {pooled.sum + last.sum, pooled.weight + last.weight, pooled.count + last.count};
        }
    }
    std::vector<double> fitted;
    fitted.reserve(values.size());
    for (const Block& block : blocks) fitted.insert(fitted.end(), block.count, block.mean());
    return fitted;
}

}  // namespace hersurv::support
