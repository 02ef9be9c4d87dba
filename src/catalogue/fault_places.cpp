// One walk over the text finds the places of all its faults.
#include "catalogue/fault_places.hpp"

#include "catalogue/trials_table.hpp"
#include "support/file.hpp"
#include <filesystem>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Fault;

bool lacks_place(const Fault& fault) { return fault.line == 0 && !fault.pointer.empty(); }

// The pointer without its last part; empty for the whole document.
std::string around(const std::string& pointer) { return pointer.substr(0, pointer.rfind('/')); }

}  // namespace

std::map<std::string, support::TextPosition> positions_in(std::string_view text, const std::string& file,
                                                          const std::set<std::string>& pointers) {
    if (!is_trials_table(text, file)) return support::positions_of(text, pointers);
    try {
        return document_of_table(text, file).places;
    } catch (const support::InputError&) {
        return {};
    }
}

void place_in_text(std::vector<Fault>& faults, std::string_view text, const std::string& file) {
    std::set<std::string> wanted;
    for (const Fault& fault : faults) {
        if (!lacks_place(fault)) continue;
        for (std::string pointer = fault.pointer; !pointer.empty() && wanted.insert(pointer).second;)
            pointer = around(pointer);
    }
    if (wanted.empty()) return;
    const std::map<std::string, support::TextPosition> positions = positions_in(text, file, wanted);
    for (Fault& fault : faults) {
        if (!lacks_place(fault)) continue;
        std::string pointer = fault.pointer;
        while (!pointer.empty() && !positions.contains(pointer)) pointer = around(pointer);
        if (pointer.empty()) continue;
        fault.line = positions.at(pointer).line;
        fault.column = positions.at(pointer).column;
    }
}

void place_in_files(std::vector<Fault>& faults) {
    std::map<std::string, std::vector<Fault*>> by_file;
    for (Fault& fault : faults)
        if (lacks_place(fault)) by_file[fault.file].push_back(&fault);
    for (const auto& [file, of_file] : by_file) {
        std::error_code ignored;
        // A pipe or a device has no second reading.
        if (!std::filesystem::is_regular_file(file, ignored) || file.ends_with(".jsonl")) continue;
        std::vector<Fault> placed;
        for (const Fault* fault : of_file) placed.push_back(*fault);
        try {
            place_in_text(placed, support::read_file(file), file);
        } catch (const support::InputError&) {
            continue;
        }
        for (std::size_t i = 0; i < placed.size(); ++i) *of_file[i] = placed[i];
    }
}

}  // namespace hersurv::catalogue
