// Names that must not come twice in a document.
#include "catalogue/reading.hpp"

#include "catalogue/text.hpp"

namespace hersurv::catalogue {

void UniqueNames::add(const std::string& name, const std::string& pointer) {
    if (name.empty()) return;
    const auto [first, added] = seen_.emplace(folded(name), pointer);
    if (!added) {
        log_.add(pointer, "the " + what_ + " \"" + name + "\" is taken by " + first->second, "give it another name");
    }
}

}  // namespace hersurv::catalogue
