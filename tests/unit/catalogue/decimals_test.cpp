// How many decimals a number was printed with: from its text, from `decimals`, and the least that its kind has.
#include "hersurv/catalogue.hpp"

#include <catch2/catch.hpp>

#include "catalogue/writer.hpp"
#include "support/json.hpp"
#include "unit/catalogue/documents.hpp"
#include <optional>
#include <string>
#include <vector>

using namespace hersurv;
using namespace hersurv::catalogue;
using catalogue_documents::small_document;
using catalogue_documents::whole_document;
using catalogue_documents::with;

TEST_CASE("printed decimals", "[catalogue][reader]") {
    const Catalogue catalogue = read_document(whole_document, "whole.json");
    const Trial& trial = catalogue.trials[0];
    const Analysis& os = trial.analyses[0];
    CHECK(os.arms[1].median[0].value.decimals == 0);
    CHECK(os.arms[1].median[0].lower->decimals == 2);
    CHECK(os.arms[0].median[1].value.decimals == 1);  // overridden: 50.0
    CHECK(os.arms[0].milestones[1].survival[0].value.decimals == 2);
    CHECK(os.arms[0].milestones[1].survival[0].lower->decimals == 3);
    CHECK(os.arms[0].milestones[1].survival[0].upper->decimals == 2);
    CHECK(os.contrasts[0].hazard_ratio[0].value.decimals == 2);   // 0.6
    CHECK(os.contrasts[0].hazard_ratio[0].upper->decimals == 2);  // 1
    CHECK(os.contrasts[0].p_values[0].value.decimals == 3);
    CHECK(os.crossover[0].value.decimals == 2);
    CHECK(os.events[0].value.decimals == 0);
    CHECK(os.measures[0].value.decimals == 2);
    CHECK(trial.responses[0].rate.decimals == 2);
    CHECK(trial.responses[0].upper->decimals == 3);
    CHECK(trial.measures[0].value.decimals == 0);
    CHECK(trial.claims[1].value->decimals == 0);  // a ratio
    CHECK(trial.claims[2].value->decimals == 2);  // of a survival
    CHECK(trial.claims[4].value->decimals == 2);  // of a hazard ratio
    CHECK(catalogue.claims[0].value->decimals == 2);
    const Catalogue less = read_document(
        with(R"("value": 0.6, "lower": 0.4, "upper": 1,)", R"("value": 0.6, "decimals": 1, "upper": 1,)"), "f");
    CHECK(less.trials[0].analyses[0].contrasts[0].hazard_ratio[0].value.decimals == 1);
}

TEST_CASE("decimals are those of the number as it is written", "[catalogue][reader]") {
    const auto median = [](const std::string& members) {
        const Catalogue catalogue = read_document(
            small_document(R"({"id": "a", "endpoint": "OS", "arms": {"x": {"median": {)" + members + "}}}}"), "f");
        return catalogue.trials[0].analyses[0].arms[0].median.at(0);
    };
    // Each number has its own.
    const Statistic own = median(R"("value": 22.0, "lower": 19, "upper": 25.10)");
    CHECK(own.value == PrintedNumber{PrintedNumber::Kind::number, 22, 1});
    CHECK(own.lower == PrintedNumber{PrintedNumber::Kind::number, 19, 0});
    CHECK(own.upper == PrintedNumber{PrintedNumber::Kind::number, 25.1, 2});
    CHECK(own.value.half_unit() == Approx(0.05));
    CHECK(printed_text(own.value) == "22.0");
    CHECK(median(R"("value": 2.20e1)").value.decimals == 1);
    CHECK(median(R"("value": 2.2e1)").value.decimals == 0);
    // `decimals` decides for all of them; it may not take away digits, but zeros.
    CHECK(median(R"("value": 22, "lower": 19.5, "upper": 25.0, "decimals": 1)").lower->decimals == 1);
    CHECK(median(R"("value": 22, "decimals": 3)").value.decimals == 3);
    CHECK(median(R"("value": 22.00, "decimals": 1)").value.decimals == 1);
    CHECK(median(R"("value": "NR", "lower": 22.0)").value.kind == PrintedNumber::Kind::not_reached);
    CHECK(median(R"("value": "NR", "lower": 22.0)").lower->decimals == 1);

    const Catalogue whole =
        read_document(with(R"("lower": 0.524, "upper": 0.7,)", R"("lower": 0.520, "upper": 0.7,)"), "f");
    CHECK(whole.trials[0].analyses[0].arms[0].milestones[1].survival[0].lower->decimals == 3);
    CHECK(read_document(with(R"({"value": 0.0007, "source": "p2"})", R"({"value": 0.00070, "source": "p2"})"), "f")
              .trials[0]
              .analyses[0]
              .contrasts[0]
              .p_values[1]
              .value.decimals == 5);
    CHECK(read_document(with(R"("median": 30.5, "range")", R"("median": 30.0, "range")"), "f")
              .trials[0]
              .analyses[0]
              .arms[1]
              .follow_up[0]
              .median_months.decimals == 1);
    CHECK(read_document(with(R"("rate": 0.2,)", R"("rate": 0.200,)"), "f").trials[0].responses[0].rate.decimals == 3);
    CHECK(read_document(with(R"("value": 16.3,)", R"("value": 16.0,)"), "f").trials[0].claims[0].value->decimals == 1);
    // Counts are not rounded: programs write 101.0 for 101.
    const Catalogue counts = read_document(with(R"("value": 101,)", R"("value": 101.0,)"), "f");
    CHECK(counts.trials[0].analyses[0].arms[0].events[0].value == PrintedNumber{PrintedNumber::Kind::number, 101, 0});
}

namespace {

// The number of a record at every place that can hold one.
std::vector<PrintedNumber> numbers_of(const Catalogue& catalogue) {
    std::vector<PrintedNumber> numbers;
    const auto add = [&](const std::optional<PrintedNumber>& number) {
        if (number) numbers.push_back(*number);
    };
    const auto add_all = [&](const auto& records) {
        for (const auto& record : records) {
            add(record.value);
            add(record.lower);
            add(record.upper);
        }
    };
    for (const Trial& trial : catalogue.trials) {
        for (const Analysis& analysis : trial.analyses) {
            add_all(analysis.crossover);
            add_all(analysis.events);
            add_all(analysis.measures);
            for (const ArmResult& arm : analysis.arms) {
                add_all(arm.events);
                add_all(arm.median);
                for (const Milestone& milestone : arm.milestones) add_all(milestone.survival);
                for (const FollowUp& follow_up : arm.follow_up) add(follow_up.median_months);
            }
            for (const Contrast& contrast : analysis.contrasts) {
                add_all(contrast.hazard_ratio);
                for (const PValue& p : contrast.p_values) add(p.value);
            }
        }
        for (const Response& response : trial.responses) {
            add(response.rate);
            add(response.lower);
            add(response.upper);
        }
        add_all(trial.measures);
        for (const Claim& claim : trial.claims) add(claim.value);
    }
    for (const Claim& claim : catalogue.claims) add(claim.value);
    return numbers;
}

}  // namespace

TEST_CASE("a zero behind the number says the same as \"decimals\"", "[catalogue][reader]") {
    struct Pair {
        std::string piece, token, member;
    };
    const std::vector<Pair> pairs = {
        {R"("median": 30.5, "range")", R"("median": 30.0, "range")", R"("median": 30, "decimals": 1, "range")"},
        {R"({"value": 0.2, "source": "p1"})", R"({"value": 0.200, "source": "p1"})",
         R"({"value": 0.2, "decimals": 3, "source": "p1"})"},
        {R"({"value": 50, "decimals": 1,)", R"({"value": 50.0,)", R"({"value": 50, "decimals": 1,)"},
        {R"("value": 18, "lower": 15.25, "upper": "NE")", R"("value": 18.00, "lower": 15.20, "upper": "NE")",
         R"("value": 18, "lower": 15.2, "upper": "NE", "decimals": 2)"},
        {R"("survival": 0.6, "lower": 0.524, "upper": 0.7)", R"("survival": 0.600, "lower": 0.520, "upper": 0.700)",
         R"("survival": 0.6, "lower": 0.52, "upper": 0.7, "decimals": 3)"},
        {R"("value": 0.6, "lower": 0.4, "upper": 1,)", R"("value": 0.600, "lower": 0.400, "upper": 1.000,)",
         R"("value": 0.6, "lower": 0.4, "upper": 1, "decimals": 3,)"},
        {R"({"value": 0.0007, "source": "p2"})", R"({"value": 0.00070, "source": "p2"})",
         R"({"value": 0.0007, "decimals": 5, "source": "p2"})"},
        {R"("value": 0.3, "unit")", R"("value": 0.300, "unit")", R"("value": 0.3, "decimals": 3, "unit")"},
        {R"("rate": 0.2,)", R"("rate": 0.200, "lower": 0.150, "upper": 0.257,)",
         R"("rate": 0.2, "lower": 0.15, "upper": 0.257, "decimals": 3,)"},
        {R"("value": 16.3,)", R"("value": 16.0,)", R"("value": 16, "decimals": 1,)"},
        {R"("value": 2, "source": "p2"})", R"("value": 2.0, "source": "p2"})",
         R"("value": 2, "decimals": 1, "source": "p2"})"},
    };
    for (const Pair& pair : pairs) {
        INFO(pair.token);
        const auto read = [&](const std::string& other) {
            std::string text = with(pair.piece, other);
            // A rate's limits stand in its own row above.
            if (const auto at = text.find(R"(, "lower": 0.15, "upper": 0.257, "source")");
                pair.piece == R"("rate": 0.2,)" && at != std::string::npos)
                text.erase(at, std::string(R"(, "lower": 0.15, "upper": 0.257)").size());
            return read_document(text, "f");
        };
        const Catalogue by_token = read(pair.token), by_member = read(pair.member);
        CHECK(numbers_of(by_token) == numbers_of(by_member));
        if (pair.member != pair.piece) CHECK(numbers_of(by_token) != numbers_of(read_document(whole_document, "f")));
        // Both survive being written.
        for (const Catalogue* catalogue : {&by_token, &by_member})
            CHECK(numbers_of(read_document(support::write_json(to_document(*catalogue)), "f")) ==
                  numbers_of(*catalogue));
    }
}
