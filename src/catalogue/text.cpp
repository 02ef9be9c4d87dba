// Suggestions in messages.
#include "catalogue/text.hpp"

#include "catalogue/names.hpp"

namespace hersurv::catalogue {

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                         const std::string& otherwise) {
    const std::vector<std::string> near = nearest(name, candidates);
    return near.empty() ? otherwise : "did you mean " + alternatives(near) + "?";
}

std::vector<std::string> to_strings(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

}  // namespace hersurv::catalogue
