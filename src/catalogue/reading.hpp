// What the readers of all records of a document share: where faults go, the document's sources, lists, names that must
// not come twice.
#pragma once

#include "hersurv/records.hpp"

#include "catalogue/fields.hpp"
#include "support/json.hpp"
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hersurv::catalogue {

template <class... Texts>
constexpr auto word_list(Texts... texts) {
    return std::array<std::string_view, sizeof...(Texts)>{std::string_view(texts)...};
}

struct Reading {
    FaultLog& log;
    SharedSources sources{};                          // of the document
    std::shared_ptr<const support::Json> document{};  // as it was read

    // A value of the document for a record to keep: it holds the whole document, and copies nothing.
    [[nodiscard]] std::shared_ptr<const support::Json> keep(const support::Json& value) const {
        return {document, &value};
    }
};

// Calls read_one(element, its pointer); a list that is absent has no elements.
template <class ReadOne>
void for_each_element(const support::Json::Array* list, const std::string& pointer, ReadOne read_one) {
    if (!list) return;
    for (std::size_t i = 0; i < list->size(); ++i) read_one((*list)[i], support::pointer_append(pointer, i));
}

// Names that must not come twice, in any case of their letters.
class UniqueNames {
  public:
    UniqueNames(std::string what, FaultLog& log) : what_(std::move(what)), log_(log) {}
    void add(const std::string& name, const std::string& pointer);

  private:
    std::string what_;
    FaultLog& log_;
    std::unordered_map<std::string, std::string> seen_;
};

}  // namespace hersurv::catalogue
