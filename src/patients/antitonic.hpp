// Non-increasing least squares.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hersurv::patients {

// Pool adjacent violators (Ayer et al. 1955, Ann Math Stat 26:641).
[[nodiscard]] inline std::vector<double> antitonic(std::span<const double> values) {
    struct Block {
        double sum;
        std::size_t count;
        [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Block> blocks;
    blocks.reserve(values.size());
    for (const double value : values) {
        blocks.push_back({value, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() < blocks.back().mean()) {
            const Block last = blocks.back();
            blocks.pop_back();
            blocks.back() = {blocks.back().sum + last.sum, blocks.back().count + last.count};
        }
    }
    std::vector<double> fitted;
    fitted.reserve(values.size());
    for (const Block& block : blocks) fitted.insert(fitted.end(), block.count, block.mean());
    return fitted;
}

}  // namespace hersurv::patients
