// From catalogue documents and typed numbers to records, and the trials of a catalogue by name.
#pragma once

#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// ---- reader.cpp ----

// JSON -> records. The only place that knows the catalogue format. Every fault of an input is reported, and an input
// with a fault gives no record at all.

// Reads one document: JSON, or a table with one row an arm (docs/catalogue-format.md). `file` is its name for messages;
// one that ends in .csv or .tsv is a table. Throws support::InputError with all faults.
[[nodiscard]] Catalogue read_document(std::string_view text, const std::string& file);

// All faults of one document, none if it is valid (syntax faults included).
[[nodiscard]] std::vector<support::Fault> validate_document(std::string_view text, const std::string& file);

// ---- library.cpp ----

// What a command works on: the built-in catalogue (parsed only as far as a selection needs it) and the catalogues
// laid over it.

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

    // The ids of the trials that are read from one of the given paths, a file or folder, and that no later one
    // replaces.
    [[nodiscard]] std::vector<std::string> ids_of(const std::string& path) const;

    // Trials that match the patterns (ids, aliases, globs `*` and `?`, any case), in the order asked, none twice; no
    // pattern selects all trials. A name that matches nothing throws NotFoundError with the nearest names.
    [[nodiscard]] std::vector<const Trial*> select(const std::vector<std::string>& patterns);
    // Title, sources, trials, claims and notes of everything (parses all). Claims and notes of the built-in catalogue
    // about numbers that a replaced trial no longer has are left out, with a message.
    [[nodiscard]] const Catalogue& all();
    // The trial of this id (any case), or nullptr; parses its document if need be.
    [[nodiscard]] const Trial* find(const std::string& id);
    // Whether all its trials are built-in ones.
    [[nodiscard]] bool is_builtin_alone() const;
    // What the user should be told about (replaced trials).
    [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }

  private:
    struct Entry;
    // The trials of one entry that nothing replaces; parses its document.
    [[nodiscard]] std::vector<const Trial*> trials_of(Entry& entry) const;
    [[nodiscard]] bool is_replaced(const std::string& builtin_id) const;
    void note_overlay_ids();
    void check_against_builtin();
    void add_overlay_entries();

    std::vector<std::shared_ptr<Entry>> entries_;  // built-in documents, then the trials of the overlay
    std::shared_ptr<const Catalogue> overlay_, all_;
    std::set<std::string> overlay_ids_;  // folded
    std::vector<std::string> messages_;
};

// ---- typed.cpp ----

// A trial from numbers that somebody types, without a catalogue: one text an arm, the hazard ratio, the p-value.

struct TypedTrial {
    std::string name = "command-line";  // the id of the trial
    std::string endpoint = "OS";
    // "name=A n=402 events=168 follow-up=50 median=57.1[50,72] S(96)=0.37 S(24)=80%[75,85]"; the first arm is the
    // experimental one, the others are controls. All keys are optional; at-risk=0:402,12:371 are numbers at risk. Times
    // are in months, or have a unit: 12.7y, 55 weeks. Text that is pasted from a paper is taken as it is.
    std::vector<std::string> arms = {};
    // "0.69[0.58,0.82]" of the first arm against the second, or "B:A=0.69[0.58,0.82]" of B against A; or
    // "HR 0.69 (95% CI 0.58 to 0.82; p<0.001)", with its p-value.
    std::vector<std::string> hazard_ratios = {};
    // "0.01", "p<0.001": of the hazard ratios in their order, or of the first two arms if there is none.
    std::vector<std::string> p_values = {};
    // "80", "20.2 observed": of all arms that have none of their own; empty: none.
    std::string follow_up = {};
};

// The trial with one analysis, whose id is the endpoint in lower case. Numbers are taken as typed: 57.10
// has two decimals, 80% is 0.80, NR and NE are what they are in a catalogue, limits are [a,b], (a-b) or a-b behind the
// value. The ranges are those of the reader. Throws UsageError, one line a fault: the text and the column in it.
[[nodiscard]] Trial trial_from_text(const TypedTrial& typed);

}  // namespace hersurv::catalogue
