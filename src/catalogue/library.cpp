// The catalogues that a command works on. A built-in document is parsed when something asks for one of its trials:
// until then its index of ids and aliases, made at build time, answers.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include "catalogue/builtin.hpp"
#include "catalogue/consistency.hpp"
#include "catalogue/fault_places.hpp"
#include "catalogue/folder.hpp"
#include "catalogue/merge.hpp"
#include "catalogue/names.hpp"
#include "catalogue/text.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <set>
#include <span>
#include <utility>

namespace hersurv::catalogue {

using support::Fault;

// One built-in document, or one trial of the overlay.
struct Library::Entry {
    const BuiltinDocument* document = nullptr;
    std::shared_ptr<const Catalogue> parsed;  // of the document
    const Trial* trial = nullptr;             // of the overlay
};

namespace {

[[noreturn]] void builtin_is_broken(const support::InputError& error) {
    throw support::Error(support::ExitCode::bug, std::string("the built-in catalogue is not valid: ") + error.what());
}

const Catalogue& parse(const BuiltinDocument& document, std::shared_ptr<const Catalogue>& parsed) {
    if (!parsed) {
        try {
            parsed = std::make_shared<const Catalogue>(read_document(document.text, std::string(document.file)));
        } catch (const support::InputError& error) {
            builtin_is_broken(error);
        }
    }
    return *parsed;
}

// Adds the faults of what throws them, and goes on.
template <class Read>
void collecting(std::vector<Fault>& faults, Read read) {
    try {
        read();
    } catch (const support::InputError& error) {
        faults.insert(faults.end(), error.faults().begin(), error.faults().end());
    }
}

Catalogue read_folder(const std::string& folder, std::vector<std::string>& messages) {
    std::vector<Fault> faults;
    std::vector<Catalogue> documents;
    const FolderDocuments found = list_documents(folder);
    for (const std::string& file : found.left_out)
        messages.push_back(file + " is left out: it has no column \"trial\", so it is not a table of trials");
    for (const std::string& file : found.files) {
        collecting(faults, [&] { documents.push_back(read_document(support::read_file(file), file)); });
    }
    if (!faults.empty()) throw support::InputError(std::move(faults));
    return join(std::move(documents));
}

Catalogue read_path(const std::string& path, const std::string& standard_input, std::vector<std::string>& messages) {
    if (path == "-") return read_document(standard_input, "standard input");
    return support::is_folder(path) ? read_folder(path, messages) : read_document(support::read_file(path), path);
}

bool has(std::span<const std::string_view> names, const std::string& key) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return folded(name) == key; });
}

bool has_alias(const Trial& trial, const std::string& key) {
    return std::any_of(trial.aliases.begin(), trial.aliases.end(),
                       [&](const std::string& alias) { return folded(alias) == key; });
}

bool matches(const std::string& pattern, const Trial& trial) {
    return glob_match(pattern, trial.id) ||
           std::any_of(trial.aliases.begin(), trial.aliases.end(),
                       [&](const std::string& alias) { return glob_match(pattern, alias); });
}

}  // namespace

Library::Library(const LibraryOptions& options) {
    std::vector<Fault> faults;
    std::vector<Catalogue> catalogues;
    for (const std::string& path : options.paths) {
        collecting(faults, [&] { catalogues.push_back(read_path(path, options.standard_input, messages_)); });
    }
    if (!faults.empty()) throw support::InputError(std::move(faults));
    Catalogue laid;
    for (std::size_t i = 0; i < catalogues.size(); ++i) {
        laid = i == 0 ? std::move(catalogues[i]) : overlay(std::move(laid), std::move(catalogues[i]), messages_);
    }
    overlay_ = std::make_shared<const Catalogue>(std::move(laid));
    if (options.use_builtin) {
        for (const BuiltinDocument& document : builtin_documents()) {
            entries_.push_back(std::make_shared<Entry>(Entry{&document, nullptr, nullptr}));
        }
    }
    note_overlay_ids();
    check_against_builtin();
    add_overlay_entries();
}

Library::Library(Catalogue catalogue) : overlay_(std::make_shared<const Catalogue>(std::move(catalogue))) {
    note_overlay_ids();
    add_overlay_entries();
}

void Library::note_overlay_ids() {
    for (const Trial& trial : overlay_->trials) overlay_ids_.insert(folded(trial.id));
}

void Library::add_overlay_entries() {
    for (const Trial& trial : overlay_->trials)
        entries_.push_back(std::make_shared<Entry>(Entry{nullptr, nullptr, &trial}));
}

bool Library::is_replaced(const std::string& builtin_id) const { return overlay_ids_.contains(folded(builtin_id)); }

// What the overlay replaces, and where it contradicts the built-in catalogue. Only the documents in question are
// parsed.
void Library::check_against_builtin() {
    std::vector<Fault> faults;
    for (const Trial& trial : overlay_->trials) {
        const std::string id = folded(trial.id);
        for (const auto& entry : entries_) {
            const BuiltinDocument& document = *entry->document;
            const std::string file(document.file);
            for (const std::string_view builtin_id : document.ids) {
                if (folded(builtin_id) == id) {
                    messages_.push_back(
                        replacement_message("trial", trial.id, trial.file, std::string(builtin_id), file));
                }
                if (has_alias(trial, folded(builtin_id)) && !is_replaced(std::string(builtin_id))) {
                    messages_.push_back(std::string(builtin_id) + " selects the built-in trial, not " + trial.id +
                                        " of " + trial.file + ", which has it as an alias");
                }
            }
            const bool all_replaced = std::all_of(document.ids.begin(), document.ids.end(), [&](std::string_view each) {
                return is_replaced(std::string(each));
            });
            for (const std::string_view alias : document.aliases) {
                if (all_replaced || (folded(alias) != id && !has_alias(trial, folded(alias)))) continue;
                messages_.push_back(std::string(alias) + " selects " + trial.id + " of " + trial.file +
                                    ", not the built-in trial that has it as an alias");
            }
        }
    }
    for (const auto& [key, source] : overlay_->sources) {
        for (const auto& entry : entries_) {
            const auto& keys = entry->document->source_keys;
            if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
            std::map<std::string, Source> builtin = parse(*entry->document, entry->parsed).sources;
            merge_sources(builtin, {{key, source}}, overlay_->file, std::string(entry->document->file), faults);
            break;  // all built-in documents agree on a source
        }
    }
    std::vector<StandingPlace> places = places_of(*overlay_);
    for (const Trial& trial : overlay_->trials) {
        const std::vector<StandingPlace> more = places_of(trial);
        places.insert(places.end(), more.begin(), more.end());
    }
    for (const StandingPlace& standing : places) {
        if (!follow(*standing.place, standing.home, overlay_.get()).unknown_trial) continue;
        const std::string key = folded(standing.place->trial);
        const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const auto& each) { return has(each->document->ids, key); });
        if (entry == entries_.end()) {
            faults.push_back(Fault{
                standing.file, standing.pointer,
                "the place does not exist: unknown trial \"" + standing.place->trial + "\"",
                did_you_mean(standing.place->trial, ids(), "correct the place, or add the trial's catalogue"), 0, 0});
        } else {
            const std::vector<Fault> more = check_places({standing}, parse(*(*entry)->document, (*entry)->parsed));
            faults.insert(faults.end(), more.begin(), more.end());
        }
    }
    if (faults.empty()) return;
    place_in_files(faults);
    throw support::InputError(std::move(faults));
}

bool Library::is_builtin_alone() const {
    return overlay_->trials.empty() && std::ranges::any_of(entries_, [](const auto& entry) { return entry->document; });
}

std::vector<const Trial*> Library::trials_of(Entry& entry) const {
    if (!entry.document) return {entry.trial};
    std::vector<const Trial*> trials;
    for (const Trial& trial : parse(*entry.document, entry.parsed).trials) {
        if (!is_replaced(trial.id)) trials.push_back(&trial);
    }
    return trials;
}

std::vector<std::string> Library::ids() const {
    std::vector<std::string> ids;
    for (const auto& entry : entries_) {
        if (entry->trial) {
            ids.push_back(entry->trial->id);
            continue;
        }
        for (const std::string_view id : entry->document->ids) {
            if (!is_replaced(std::string(id))) ids.emplace_back(id);
        }
    }
    return ids;
}

std::vector<std::string> Library::ids_of(const std::string& path) const {
    std::string folder = path;
    while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    folder += folder.back() == '/' ? "" : "/";
    std::vector<std::string> ids;
    for (const Trial& trial : overlay_->trials)
        if (trial.file == path || trial.file.starts_with(folder)) ids.push_back(trial.id);
    return ids;
}

std::vector<std::string> Library::names() const {
    std::vector<std::string> names = ids();
    for (const auto& entry : entries_) {
        if (entry->trial) {
            names.insert(names.end(), entry->trial->aliases.begin(), entry->trial->aliases.end());
            continue;
        }
        const auto& document_ids = entry->document->ids;
        const auto replaced = std::count_if(document_ids.begin(), document_ids.end(),
                                            [&](std::string_view id) { return is_replaced(std::string(id)); });
        if (replaced == 0) {
            names.insert(names.end(), entry->document->aliases.begin(), entry->document->aliases.end());
        } else if (static_cast<std::size_t>(replaced) < document_ids.size()) {
            // The index does not say whose alias it is.
            for (const Trial* trial : trials_of(*entry))
                names.insert(names.end(), trial->aliases.begin(), trial->aliases.end());
        }
    }
    return names;
}

const Trial* Library::find(const std::string& id) {
    const std::string key = folded(id);
    for (const auto& entry : entries_) {
        if (entry->document && !has(entry->document->ids, key)) continue;
        for (const Trial* trial : trials_of(*entry)) {
            if (folded(trial->id) == key) return trial;
        }
    }
    return nullptr;
}

std::vector<const Trial*> Library::select(const std::vector<std::string>& patterns) {
    std::vector<const Trial*> selected;
    const auto add = [&](const Trial* trial) {
        if (std::find(selected.begin(), selected.end(), trial) == selected.end()) selected.push_back(trial);
    };
    if (patterns.empty()) {
        for (const auto& entry : entries_) {
            const std::vector<const Trial*> trials = trials_of(*entry);
            selected.insert(selected.end(), trials.begin(), trials.end());
        }
        return selected;
    }
    // An alias of a later catalogue hides that of an earlier one.
    const auto find_alias = [&](const std::string& key) -> const Trial* {
        for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
            if ((*entry)->document && !has((*entry)->document->aliases, key)) continue;
            for (const Trial* trial : trials_of(**entry)) {
                if (has_alias(*trial, key)) return trial;
            }
        }
        return nullptr;
    };
    std::string missing;
    for (const std::string& pattern : patterns) {
        const Trial* named = find(pattern);
        if (!named) named = find_alias(folded(pattern));
        if (named) {
            add(named);
            continue;
        }
        const bool is_glob = pattern.find_first_of("*?") != std::string::npos;
        bool found = false;
        for (const auto& entry : entries_) {
            if (!is_glob) break;
            if (entry->document) {
                const auto match = [&](std::string_view name) { return glob_match(pattern, name); };
                const auto& document = *entry->document;
                if (std::none_of(document.ids.begin(), document.ids.end(), match) &&
                    std::none_of(document.aliases.begin(), document.aliases.end(), match)) {
                    continue;
                }
            }
            for (const Trial* trial : trials_of(*entry)) {
                if (!matches(pattern, *trial)) continue;
                add(trial);
                found = true;
            }
        }
        if (found) continue;
        if (!missing.empty()) missing += '\n';
        missing += (is_glob ? "no trial matches \"" : "unknown trial \"") + pattern + "\"; " +
                   did_you_mean(pattern, names(), "`hersurv list` prints the names");
    }
    if (!missing.empty()) throw support::NotFoundError(missing);
    return selected;
}

const Catalogue& Library::all() {
    if (all_) return *all_;
    std::vector<Catalogue> documents;
    for (const auto& entry : entries_) {
        if (entry->document) documents.push_back(parse(*entry->document, entry->parsed));
    }
    if (documents.empty()) {
        all_ = overlay_;
        return *all_;
    }
    Catalogue builtin;
    try {
        builtin = join(std::move(documents));
        for (const Trial& trial : builtin.trials) {
            for (const StandingPlace& standing : places_of(trial)) {
                if (follow(*standing.place, standing.home, &builtin).unknown_trial) {
                    throw support::InputError({Fault{standing.file, standing.pointer, "unknown trial", "", 0, 0}});
                }
            }
        }
        for (const StandingPlace& standing : places_of(builtin)) {
            if (follow(*standing.place, nullptr, &builtin).unknown_trial) {
                throw support::InputError({Fault{standing.file, standing.pointer, "unknown trial", "", 0, 0}});
            }
        }
    } catch (const support::InputError& error) {
        builtin_is_broken(error);
    }
    std::vector<std::string> messages;
    all_ = std::make_shared<const Catalogue>(overlay(std::move(builtin), *overlay_, messages));
    for (std::string& message : messages) {
        if (std::find(messages_.begin(), messages_.end(), message) == messages_.end())
            messages_.push_back(std::move(message));
    }
    return *all_;
}

}  // namespace hersurv::catalogue
