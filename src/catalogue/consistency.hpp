// What reading one document, joining several and laying one over another check alike: which names come twice, which
// places lead nowhere, which sources differ.
#pragma once

#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// A place of a claim or a note and where it is.
struct StandingPlace {
    const Place* place = nullptr;
    const Trial* home = nullptr;  // null: of the catalogue itself
    std::string file, pointer;
};
// Every place of a trial's claims and notes, or of a catalogue's own.
[[nodiscard]] std::vector<StandingPlace> places_of(const Trial& trial);
[[nodiscard]] std::vector<StandingPlace> places_of(const Catalogue& catalogue);

// Faults of places that lead nowhere in `catalogue`, as far as their trials are known there.
[[nodiscard]] std::vector<support::Fault> check_places(const std::vector<StandingPlace>& places,
                                                       const Catalogue& catalogue);

// Ids and aliases of trials, and the ids of the catalogue's own claims and notes, that are given twice (any case).
[[nodiscard]] std::vector<support::Fault> check_names(const Catalogue& catalogue);

// Adds `more` to `sources`; a key that is there with another content is a fault, whose place is the one given.
void merge_sources(std::map<std::string, Source>& sources, const std::map<std::string, Source>& more,
                   const std::string& file, const std::string& other_file, std::vector<support::Fault>& faults);

// "the trial A of my.json replaces A of data/catalogue/A.json".
[[nodiscard]] std::string replacement_message(std::string_view what, const std::string& upper_id,
                                              const std::string& upper_file, const std::string& lower_id,
                                              const std::string& lower_file);

}  // namespace hersurv::catalogue
