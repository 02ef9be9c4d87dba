// Several documents as one catalogue: joined as equals, or one laid over the other.
#include "catalogue/merge.hpp"

#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include "catalogue/consistency.hpp"
#include "catalogue/fault_places.hpp"
#include "catalogue/text.hpp"
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Fault;

void throw_placed(std::vector<Fault> faults) {
    if (faults.empty()) return;
    place_in_files(faults);
    throw support::InputError(std::move(faults));
}

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
    throw_placed(std::move(faults));
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

    // What is in the lower catalogue led somewhere before its trial was replaced: it is not a fault that it does not
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
    throw_placed(std::move(faults));
    return whole;
}

}  // namespace hersurv::catalogue
