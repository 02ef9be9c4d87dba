// Names that come twice, places that lead nowhere, sources that differ.
#include "catalogue/consistency.hpp"

#include "hersurv/records.hpp"

#include "catalogue/text.hpp"
#include "support/json.hpp"
#include <map>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Fault;

void add_places(std::vector<StandingPlace>& places, const std::vector<Claim>& claims, const std::vector<Note>& notes,
                const Trial* home) {
    for (const Claim& claim : claims) {
        // Places that stand for `analysis` alone were made by the reader and are looked for where the claim says
        // `analysis`.
        const std::string list = support::pointer_append(claim.from.pointer, "of");
        for (std::size_t i = 0; i < claim.of.size(); ++i) {
            const std::string pointer = claim.analysis.empty()
                                            ? support::pointer_append(list, i)
                                            : support::pointer_append(claim.from.pointer, "analysis");
            places.push_back({&claim.of[i], home, claim.file, pointer});
        }
    }
    for (const Note& note : notes) {
        if (note.at) places.push_back({&*note.at, home, note.file, support::pointer_append(note.from.pointer, "at")});
    }
}

std::string place_in_words(const std::string& file, const std::string& pointer) {
    return file.empty() ? pointer : file + " " + pointer;
}

// Names that must not come twice, whatever the document.
class NamesAcross {
  public:
    explicit NamesAcross(std::string what) : what_(std::move(what)) {}
    void add(const std::string& name, const std::string& file, const std::string& pointer, std::vector<Fault>& faults) {
        if (name.empty()) return;
        const auto [first, added] = seen_.emplace(folded(name), std::pair{file, pointer});
        if (added) return;
        const std::string& other = first->second.first;
        faults.push_back(Fault{file, pointer,
                               "the " + what_ + " \"" + name + "\" is taken by " +
                                   place_in_words(other == file ? "" : other, first->second.second),
                               "give it another name", 0, 0});
    }

  private:
    std::string what_;
    std::map<std::string, std::pair<std::string, std::string>> seen_;
};

}  // namespace

std::vector<StandingPlace> places_of(const Trial& trial) {
    std::vector<StandingPlace> places;
    add_places(places, trial.claims, trial.notes, &trial);
    return places;
}

std::vector<StandingPlace> places_of(const Catalogue& catalogue) {
    std::vector<StandingPlace> places;
    add_places(places, catalogue.claims, catalogue.notes, nullptr);
    return places;
}

std::vector<Fault> check_places(const std::vector<StandingPlace>& places, const Catalogue& catalogue) {
    std::vector<Fault> faults;
    for (const StandingPlace& standing : places) {
        const Destination destination = follow(*standing.place, standing.home, &catalogue);
        if (!destination.leads_nowhere()) continue;
        faults.push_back(Fault{standing.file, standing.pointer, "the place does not exist: " + destination.problem,
                               destination.remedy, 0, 0});
    }
    return faults;
}

std::vector<Fault> check_names(const Catalogue& catalogue) {
    std::vector<Fault> faults;
    NamesAcross trials("trial name"), claims("claim"), notes("note");
    // Ids before aliases, so that the alias is what is told to change.
    for (const Trial& trial : catalogue.trials)
        trials.add(trial.id, trial.file, support::pointer_append(trial.pointer, "id"), faults);
    for (const Trial& trial : catalogue.trials) {
        const std::string list = support::pointer_append(trial.pointer, "aliases");
        for (std::size_t i = 0; i < trial.aliases.size(); ++i)
            trials.add(trial.aliases[i], trial.file, support::pointer_append(list, i), faults);
    }
    for (const Claim& claim : catalogue.claims)
        claims.add(claim.id, claim.file, support::pointer_append(claim.from.pointer, "id"), faults);
    for (const Note& note : catalogue.notes)
        notes.add(note.id, note.file, support::pointer_append(note.from.pointer, "id"), faults);
    return faults;
}

void merge_sources(std::map<std::string, Source>& sources, const std::map<std::string, Source>& more,
                   const std::string& file, const std::string& other_file, std::vector<Fault>& faults) {
    for (const auto& [key, source] : more) {
        const auto [there, added] = sources.emplace(key, source);
        if (added || there->second == source) continue;
        faults.push_back(Fault{file, support::pointer_append("/sources", key),
                               "the source \"" + key + "\" differs from the one in " + other_file,
                               "give it another key, or make both the same", 0, 0});
    }
}

std::string replacement_message(std::string_view what, const std::string& upper_id, const std::string& upper_file,
                                const std::string& lower_id, const std::string& lower_file) {
    return "the " + std::string(what) + " " + upper_id + " of " + upper_file + " replaces " + lower_id + " of " +
           lower_file;
}

}  // namespace hersurv::catalogue
