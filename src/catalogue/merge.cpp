// Several documents as one catalogue: what may not come twice, what must agree, and which places lead nowhere.
#include "merge.hpp"

#include "hersurv/catalogue/places.hpp"
#include "hersurv/catalogue/reader.hpp"

#include "text.hpp"
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

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

// Takes the record of the same id (any case) out of `below`, with a message.
template <class Record>
bool take_out(std::vector<Record>& below, const Record& above, std::string_view what,
              std::vector<std::string>& messages) {
    if (above.id.empty()) return false;
    const std::string key = folded(above.id);
    const auto same =
        std::find_if(below.begin(), below.end(), [&](const Record& record) { return folded(record.id) == key; });
    if (same == below.end()) return false;
    messages.push_back(replacement_message(what, above.id, above.file, same->id, same->file));
    below.erase(same);
    return true;
}

// Removes claims and notes that lead into a trial that was replaced and has not got what they name; a claim takes along
// the notes about it.
void drop_dangling(std::vector<Claim>& claims, std::vector<Note>& notes, const Trial* home, const Catalogue& whole,
                   const std::set<std::string>& replaced, std::vector<std::string>& messages) {
    const auto dangles = [&](const Place& place) {
        return replaced.contains(folded(place.trial)) && follow(place, home, &whole).leads_nowhere();
    };
    const auto tell = [&](std::string_view what, const auto& record, const Place& place) {
        messages.push_back("the " + std::string(what) + (record.id.empty() ? "" : " " + record.id) + " of " +
                           record.file + " is left out: the trial that replaced " + place.trial + " has no " +
                           describe(place));
    };
    std::set<std::string> gone;
    std::erase_if(claims, [&](const Claim& claim) {
        const auto place = std::find_if(claim.of.begin(), claim.of.end(), dangles);
        if (place == claim.of.end()) return false;
        tell("claim", claim, *place);
        gone.insert(claim.id);
        return true;
    });
    std::erase_if(notes, [&](const Note& note) {
        if (!note.at) return false;
        if (note.at->trial.empty() && gone.contains(note.at->claim)) return true;
        if (!dangles(*note.at)) return false;
        tell("note", note, *note.at);
        return true;
    });
}

std::string file_of_source(const Catalogue& catalogue, const std::string& key) {
    for (const Trial& trial : catalogue.trials) {
        if (trial.sources.contains(key)) return trial.file;
    }
    return catalogue.file;
}

template <class Records>
void append(Records& records, Records& more) {
    records.insert(records.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

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
        faults.push_back(Fault{standing.file, standing.pointer, "the place leads nowhere: " + destination.problem,
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
                               "the source \"" + key + "\" has another content than in " + other_file,
                               "give it another key, or the same content", 0, 0});
    }
}

std::string replacement_message(std::string_view what, const std::string& upper_id, const std::string& upper_file,
                                const std::string& lower_id, const std::string& lower_file) {
    return "the " + std::string(what) + " " + upper_id + " of " + upper_file + " replaces " + lower_id + " of " +
           lower_file;
}

Catalogue join(std::vector<Catalogue> documents) {
    Catalogue joined;
    std::vector<Fault> faults;
    std::map<std::string, std::string> first_file;  // of a source key
    for (Catalogue& document : documents) {
        if (joined.file.empty() || (joined.title.empty() && !document.title.empty())) joined.file = document.file;
        if (joined.title.empty()) joined.title = document.title;
        for (const auto& [key, source] : document.sources) {
            const auto [first, added] = first_file.emplace(key, document.file);
            merge_sources(joined.sources, {{key, source}}, document.file, first->second, faults);
        }
        append(joined.trials, document.trials);
        append(joined.claims, document.claims);
        append(joined.notes, document.notes);
    }
    const auto add = [&](const std::vector<Fault>& more) { faults.insert(faults.end(), more.begin(), more.end()); };
    add(check_names(joined));
    for (const Trial& trial : joined.trials) add(check_places(places_of(trial), joined));
    add(check_places(places_of(joined), joined));
    if (!faults.empty()) throw support::InputError(std::move(faults));
    return joined;
}

Catalogue overlay(Catalogue lower, Catalogue upper, std::vector<std::string>& messages) {
    std::vector<Fault> faults;
    for (const auto& [key, source] : upper.sources) {
        merge_sources(lower.sources, {{key, source}}, file_of_source(upper, key), file_of_source(lower, key), faults);
    }
    std::set<std::string> replaced;
    for (const Trial& trial : upper.trials) {
        if (take_out(lower.trials, trial, "trial", messages)) replaced.insert(folded(trial.id));
    }
    // A claim or a note across trials is replaced as a trial is, by its id.
    for (const Claim& claim : upper.claims) take_out(lower.claims, claim, "claim", messages);
    for (const Note& note : upper.notes) take_out(lower.notes, note, "note", messages);

    Catalogue whole;
    whole.title = upper.title.empty() ? lower.title : upper.title;
    whole.file = upper.title.empty() ? lower.file : upper.file;
    whole.sources = std::move(lower.sources);
    whole.trials = std::move(lower.trials);
    const std::size_t first_upper_trial = whole.trials.size();
    append(whole.trials, upper.trials);

    // What stands in the lower catalogue led somewhere before its trial was replaced: it is no fault that it does not
    // any more.
    if (!replaced.empty()) {
        drop_dangling(lower.claims, lower.notes, nullptr, whole, replaced, messages);
        for (std::size_t i = 0; i < first_upper_trial; ++i) {
            drop_dangling(whole.trials[i].claims, whole.trials[i].notes, &whole.trials[i], whole, replaced, messages);
        }
    }
    const std::vector<StandingPlace> upper_places = places_of(upper);
    whole.claims = std::move(lower.claims);
    whole.notes = std::move(lower.notes);
    whole.claims.insert(whole.claims.end(), upper.claims.begin(), upper.claims.end());
    whole.notes.insert(whole.notes.end(), upper.notes.begin(), upper.notes.end());
    const auto add = [&](const std::vector<Fault>& more) { faults.insert(faults.end(), more.begin(), more.end()); };
    for (std::size_t i = first_upper_trial; i < whole.trials.size(); ++i)
        add(check_places(places_of(whole.trials[i]), whole));
    add(check_places(upper_places, whole));
    if (!faults.empty()) throw support::InputError(std::move(faults));
    return whole;
}

}  // namespace hersurv::catalogue
