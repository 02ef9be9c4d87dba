// Looking up records by id.
#include "hersurv/records.hpp"

#include "support/number_text.hpp"

namespace hersurv::catalogue {

std::string printed_text(const PrintedNumber& number) {
    switch (number.kind) {
        case PrintedNumber::Kind::not_reached:
            return "NR";
        case PrintedNumber::Kind::not_estimable:
            return "NE";
        case PrintedNumber::Kind::number:
            break;
    }
    return support::fixed(number.value, number.decimals);
}
namespace {

template <class Record>
const Record* find_id(const std::vector<Record>& records, const std::string& id) {
    for (const Record& record : records) {
        if (record.id == id) return &record;
    }
    return nullptr;
}

}  // namespace

const Arm* Trial::find_arm(const std::string& arm_id) const { return find_id(arms, arm_id); }

const Analysis* Trial::find_analysis(const std::string& analysis_id) const { return find_id(analyses, analysis_id); }

const Trial* Catalogue::find_trial(const std::string& trial_id) const { return find_id(trials, trial_id); }

}  // namespace hersurv::catalogue
