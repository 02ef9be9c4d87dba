// What a command works on: the built-in catalogue (parsed only as far as a selection needs it) and the catalogues laid
// over it.
#pragma once

#include "hersurv/catalogue/records.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hersurv::catalogue {

struct LibraryOptions {
    bool use_builtin = true;
    std::vector<std::string> paths;  // files or folders, later ones over earlier ones; "-" is `standard_input`
    std::string standard_input;      // text, where a path is "-"
};

class Library {
  public:
    // Reads the given paths (all faults of all of them in one InputError); the built-in documents are not parsed yet.
    explicit Library(const LibraryOptions& options);
    // A library of exactly this catalogue.
    explicit Library(Catalogue catalogue);

    // Every trial id, in order: built-in ones by file name, then those of the overlays. No built-in document is parsed.
    [[nodiscard]] std::vector<std::string> ids() const;
    // Ids and aliases, for completion and suggestions.
    [[nodiscard]] std::vector<std::string> names() const;

    // Trials that match the patterns (ids, aliases, globs `*` and `?`, any case), in the order asked, none twice; no
    // pattern selects all trials. A name that matches nothing throws NotFoundError with the nearest names.
    [[nodiscard]] std::vector<const Trial*> select(const std::vector<std::string>& patterns);
    // Title, sources, trials, claims and notes of everything (parses all). Claims and notes of the built-in catalogue
    // about numbers that a replaced trial no longer has are left out, with a message.
    [[nodiscard]] const Catalogue& all();
    // The trial of this id (any case), or nullptr; parses its document if need be.
    [[nodiscard]] const Trial* find(const std::string& id);
    // What the user should be told about (replaced trials).
    [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }

  private:
    struct Entry;
    // The trials of one entry that nothing replaces; parses its document.
    [[nodiscard]] std::vector<const Trial*> trials_of(Entry& entry) const;
    [[nodiscard]] bool is_replaced(const std::string& builtin_id) const;
    void check_against_builtin();
    void add_overlay_entries();

    std::vector<std::shared_ptr<Entry>> entries_;  // built-in documents, then the trials of the overlay
    std::shared_ptr<const Catalogue> overlay_, all_;
    std::vector<std::string> messages_;
};

}  // namespace hersurv::catalogue
