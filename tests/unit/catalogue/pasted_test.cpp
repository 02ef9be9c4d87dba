// Numbers copied out of papers: each form alone, and one arm written in random mixtures of all of them, which is the
// same arm however it is written.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "catalogue/writer.hpp"
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace hersurv::catalogue;

TypedTrial trial_of(const std::string& arm) {
    TypedTrial typed;
    typed.arms = {arm};
    return typed;
}

std::string refusal(const TypedTrial& typed) {
    try {
        (void)trial_from_text(typed);
    } catch (const hersurv::support::UsageError& error) {
        return error.what();
    }
    return "(accepted)";
}

ArmResult arm_of(const std::string& text) { return trial_from_text(trial_of(text)).analyses.at(0).arms.at(0); }

Contrast contrast_of(const std::string& ratio, const std::string& p = "") {
    TypedTrial typed;
    typed.arms = {"name=A n=100", "name=B n=100"};
    typed.hazard_ratios = {ratio};
    if (!p.empty()) typed.p_values = {p};
    return trial_from_text(typed).analyses.at(0).contrasts.at(0);
}

constexpr auto number = PrintedNumber::Kind::number;
constexpr auto not_reached = PrintedNumber::Kind::not_reached;
constexpr auto not_estimable = PrintedNumber::Kind::not_estimable;

}  // namespace

TEST_CASE("a pasted hazard ratio brings its interval and its p-value") {
    for (const std::string text :
         {"0.74 (0.58-0.94)", "HR 0.74 (95% CI 0.58 to 0.94; p=0.01)", "0.74; 95% CI, 0.58-0.94",
          "0.74 (95%-CI: 0.58–0.94)", "HR, 0.74; 95% CI, 0.58 to 0.94; P = .01",
          "hazard ratio for progression or death, 0.74; 95% CI, 0.58 to 0.94; P=0.01",
          "hazard ratio 0·74 [95% CI 0·58–0·94]; p=0·01", "HR=0.74 (95% CI=0.58–0.94, two-sided P=0.01)",
          "HR (95% CI): 0.74 (0.58–0.94)", "0.74, 95% CI 0.58 — 0.94", "0.74 (CI95% 0.58~0.94)",
          "0.74 [95% confidence interval: 0.58, 0.94], P = 0.01", "(HR 0.74; 95% CI [0.58; 0.94]; P=0.01)",
          "0.74 (0.58--0.94; 95% CI)", "A:B=HR 0.74 (95% CI 0.58 to 0.94; p=0.01)",
          "a : b = 0.74 (0.58-0.94), p=0.01"}) {
        INFO(text);
        const Contrast contrast = contrast_of(text);
        const Statistic& ratio = contrast.hazard_ratio.at(0);
        CHECK(contrast.experimental == "A");
        CHECK(contrast.control == "B");
        CHECK(ratio.value == PrintedNumber{number, .74, 2});
        CHECK(ratio.lower == PrintedNumber{number, .58, 2});
        CHECK(ratio.upper == PrintedNumber{number, .94, 2});
        CHECK(ratio.level == .95);
        const bool says_p = text.find_first_of("pP") != std::string::npos && text.find("01") != std::string::npos;
        REQUIRE(contrast.p_values.size() == (says_p || text.find("·01") != std::string::npos ? 1 : 0));
        if (!contrast.p_values.empty()) CHECK(contrast.p_values[0].value.value == .01);
    }
    CHECK(contrast_of("0.74 (90% CI 0.58–0.94)").hazard_ratio.at(0).level == .9);
    CHECK(contrast_of("0.74 (97·5 % CI 0.58–0.94)").hazard_ratio.at(0).level == .975);
    CHECK(contrast_of("stratified HR 0.74").hazard_ratio.at(0).stratified == true);
    CHECK(contrast_of("unstratified HR 0.74").hazard_ratio.at(0).stratified == false);
    CHECK(contrast_of("aHR 0.74").hazard_ratio.at(0).adjusted == true);
    CHECK(contrast_of("HR 0.74 (0.58-NE)").hazard_ratio.at(0).upper->kind == not_estimable);
    CHECK(contrast_of("HR 0.74; P<.001").p_values.at(0).relation == Relation::less);
    CHECK(contrast_of("0.74; stratified log-rank p≤0.001").p_values.at(0).test == "stratified log-rank");
    CHECK(contrast_of("0.74; p≤0.001").p_values.at(0).relation == Relation::less_equal);
    CHECK(contrast_of("0.74; P=0.01 (one-sided)").p_values.at(0).test == "one-sided");
}

TEST_CASE("a p-value is pasted with its words") {
    for (const std::string text : {"P<.001", "p < 0.001", "P＜.001", "<0·001", "two-sided P<.001", "p-value <.001",
                                   "P value < .001 (two-sided)", "p<.001 by log-rank test", "(P<.001)"}) {
        INFO(text);
        if (text.front() == '(') {
            CHECK(refusal([&] {
                      TypedTrial typed = trial_of("name=A");
                      typed.arms.push_back("name=B");
                      typed.p_values = {text};
                      return typed;
                  }())
                      .find("is not a number") != std::string::npos);
            continue;
        }
        const PValue p = contrast_of("0.74", text).p_values.at(0);
        CHECK(p.value == PrintedNumber{number, .001, 3});
        CHECK(p.relation == Relation::less);
    }
    TypedTrial twice;
    twice.arms = {"name=A", "name=B"};
    twice.hazard_ratios = {"0.74 (p=0.01)"};
    twice.p_values = {"0.01"};
    CHECK(trial_from_text(twice).analyses[0].contrasts[0].p_values.size() == 1);
    twice.p_values = {"0.02"};
    CHECK(refusal(twice).find("the hazard ratio already has") != std::string::npos);
}

TEST_CASE("medians and rates are pasted with their units, dashes and words") {
    struct Case {
        std::string text;
        PrintedNumber value;
        std::optional<PrintedNumber> lower, upper;
    };
    const PrintedNumber value{number, 17.6, 1}, low{number, 15, 0}, high{number, 20.1, 1};
    const PrintedNumber nr{not_reached, 0, 0}, ne{not_estimable, 0, 0};
    const std::vector<Case> cases = {
        {"17.6 months", value, {}, {}},
        {"17·6 months (95% CI 15–20·1)", value, low, high},
        {"17.6\u00A0months (95%\u2009CI\u00A015\u2009−\u200920.1)", value, low, high},
        {"17.6 mo; 95% CI, 15 to 20.1", value, low, high},
        {"17.6 (95%-CI: 15‑20.1) months", value, low, high},
        {"17.6\u2007months (95% CI, 15 months to 20.1 months)", value, low, high},
        {"17.6 (15-)", value, low, ne},
        {"17.6 (15–—)", value, low, ne},
        {"17.6 (15 to NA)", value, low, ne},
        {"17.6 (15–not estimable)", value, low, ne},
        {"17.6 (15–not reached)", value, low, nr},
        {"17.6 (15–∞)", value, low, nr},
        {"17.6 (15->24)", value, low, nr},
        {"17.6 (15–24+)", value, low, nr},
        {"not reached (95% CI 15-NE)", nr, low, ne},
        {"Not yet reached", nr, {}, {}},
        {"NYR", nr, {}, {}},
        {"NR (NR–NR)", nr, nr, nr},
        {"not estimable", ne, {}, {}},
        {"NA (NA, NA)", ne, ne, ne},
        {">24 months", nr, {}, {}},
        {"≥24", nr, {}, {}},
        {"24+", nr, {}, {}},
    };
    for (const Case& one : cases) {
        INFO(one.text);
        const ArmResult arm = arm_of("name=A median=" + one.text + " n=9");
        CHECK(arm.n_patients == 9);
        CHECK(arm.median.at(0).value == one.value);
        CHECK(arm.median[0].lower == one.lower);
        CHECK(arm.median[0].upper == one.upper);
        CHECK(arm.median[0].level == .95);
    }
    CHECK(arm_of("median=>24 months").median.at(0).from.note == "published as >24 months");
    for (const std::string text : {"38 %", "38%", "38 percent", "38\u202F%", "38 per cent"}) {
        INFO(text);
        CHECK(arm_of("S(24 months)=" + text).milestones.at(0).survival.at(0).value == PrintedNumber{number, .38, 2});
    }
    for (const std::string text : {"38% (31–45)", "38 % (95 % CI 31 % to 45 %)", "38 (31-45)%", "38%; 95% CI, 31-45"}) {
        INFO(text);
        const Statistic survival = arm_of("S(24)=" + text).milestones.at(0).survival.at(0);
        CHECK(survival.value == PrintedNumber{number, .38, 2});
        CHECK(survival.lower == PrintedNumber{number, .31, 2});
        CHECK(survival.upper == PrintedNumber{number, .45, 2});
    }
}

TEST_CASE("counts are pasted with thousands, totals and shares") {
    for (const std::string text : {"n=1,234", "(n=1,234)", "n=1\u2009234", "n=1\u00A0234 patients", "N = 1'234"}) {
        INFO(text);
        CHECK(arm_of("name=A " + text + " median=4").n_patients == 1234);
    }
    for (const std::string text : {"events=181/334 (54.2%)", "events=181 of 334", "events = 181 deaths n=334",
                                   "n=334 events=181 (54·2 %)", "events=181/334 n=334", "events=181 / 334 (54%)"}) {
        INFO(text);
        const ArmResult arm = arm_of(text);
        CHECK(arm.n_patients == 334);
        CHECK(arm.events.at(0).value.value == 181);
    }
    CHECK(arm_of("events=1,181/2,334").n_patients == 2334);
    // In a list the comma stands between times.
    CHECK(refusal(trial_of("n=1402 at-risk=0:1,402,12:371")).find("TIME:PATIENTS") != std::string::npos);
    CHECK(refusal(trial_of("n=402 at-risk=0:402,371")).find("TIME:PATIENTS") != std::string::npos);
    CHECK(refusal(trial_of("n=100 200")).find("\"200\" has no key") != std::string::npos);
    const auto bare = arm_of("n=402 at-risk=0:402,120:371").at_risk->numbers;
    REQUIRE(bare.size() == 2);
    CHECK(bare[0].n_patients == 402);
    CHECK(bare[1].time_months == 120);
    CHECK(refusal(trial_of("events=181/334 (45.2%)")).find("45.2% of 334 patients are not 181 events (54.2%)") !=
          std::string::npos);
    CHECK(refusal(trial_of("n=100 events=18/99")).find("99 patients here, but 100 elsewhere") != std::string::npos);
    CHECK(refusal(trial_of("events=18/99 n=100")).find("100 patients here, but 99 elsewhere") != std::string::npos);
    CHECK(refusal(trial_of("n=1,23 median=4")).find("has no key") != std::string::npos);
    CHECK(refusal(trial_of("n=12,3456")).find("has no key") != std::string::npos);
}

TEST_CASE("quartiles and range of a follow-up are told apart, and are no confidence interval") {
    for (const std::string text : {"20 (IQR 15-30)", "20 months (interquartile range, 15 to 30)",
                                   "20 [IQR: 15–30] months", "20 (Q1–Q3 15–30)"}) {
        INFO(text);
        const FollowUp follow_up = arm_of("follow-up=" + text + " median=9").follow_up.at(0);
        CHECK(follow_up.median_months.value == 20);
        CHECK(follow_up.quartiles_months == std::pair{15.0, 30.0});
        CHECK_FALSE(follow_up.range_months.has_value());
    }
    for (const std::string text : {"20 (range 15-30)", "20 (15-30)", "20 (range: 15 to 30)"}) {
        INFO(text);
        const FollowUp follow_up = arm_of("follow-up=" + text).follow_up.at(0);
        CHECK(follow_up.range_months == std::pair{15.0, 30.0});
        CHECK_FALSE(follow_up.quartiles_months.has_value());
    }
    const FollowUp follow_up = arm_of("follow-up=20 (95% CI 18-22) reverse Kaplan–Meier").follow_up.at(0);
    CHECK_FALSE(follow_up.range_months.has_value());
    CHECK_FALSE(follow_up.quartiles_months.has_value());
    CHECK(follow_up.from.note == "published with the 95% confidence interval 18 to 22");
    CHECK(follow_up.kind == FollowUp::Kind::reverse_kaplan_meier);
}

TEST_CASE("what would be misread is refused by its name") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"median=20 (IQR 15-30)", "an interquartile range is not a confidence interval"},
        {"median=20 (range 15-30)", "a range is not a confidence interval"},
        {"median=20 (SE 1.2)", "a standard error or deviation is not a confidence interval"},
        {"S(24)=0.5 (95% CrI 0.4-0.6)", "a credible interval is not a confidence interval"},
        {"median=20 (15-30; p=0.01)", "a p-value belongs to a hazard ratio"},
        {"median=20 (95% CI 15-30; 90% CI 16-29)", "a second interval"},
        {"median=not reported", "leave out what is not reported"},
        {"median=not available", "leave out what is not reported"},
        {"follow-up=>24", "the median follow-up is a number"},
        {"follow-up=NR", "the median follow-up is a number"},
        {"median=20 (>15-30)", "a lower limit is a number, NR or NE"},
        {"median=<3", "\"<3\" is not a number"},
        {"S(24)=>50%", "\">50%\" is not a number"},
        {"median=17.6²", "unknown key \"²\""},
        {"median=17,6 months", "write decimals with a point"},
        {"median=17.6\u200B months", "column 12: there is a zero-width space U+200B, an invisible character"},
        {"med\u00ADian=17.6", "column 4: there is a soft hyphen U+00AD"},
        {"median=\u200E17.6", "column 8: there is a left-to-right mark U+200E"},
        {"\uFEFFmedian=17.6", "column 1: there is a byte order mark U+FEFF"},
        {"median=17.6\x01", "column 12: there is a control character U+0001"},
        {"name=A\u2060 median=4", "column 7: there is a word joiner U+2060"},
    };
    for (const auto& [text, part] : cases) {
        INFO(text);
        const std::string message = refusal(trial_of(text));
        INFO(message);
        CHECK(message.find("--arm \"") == 0);
        CHECK(message.find(part) != std::string::npos);
    }
}

TEST_CASE("names keep their letters and dashes, with plain blanks") {
    const auto name = [](const std::string& text) { return trial_from_text(trial_of(text)).arms.at(0).name; };
    CHECK(name("name=T–DXd\u00A05·4\u2009mg/kg n=9") == "T–DXd 5·4 mg/kg");
    CHECK(name("name=“A n=3” median=4") == "A n=3");
    CHECK(name("name=Drug A (n=402) median=4") == "Drug A");
    CHECK(arm_of("name=Drug A (N = 1,402), median=4").n_patients == 1402);
    CHECK(name("name=Drug A (5 mg) (n=402)") == "Drug A (5 mg)");
    TypedTrial typed;
    typed.arms = {"name=T–DXd\u00A05 mg median=20", "name='T-DM1: 3=6' median=10"};
    typed.hazard_ratios = {"T-DM1: 3=6:t-dxd 5 mg=0.5"};
    CHECK(trial_from_text(typed).analyses[0].contrasts[0].experimental == "T-DM1: 3=6");
}

TEST_CASE("long texts are read in linear time and quoted in part") {
    // 200 kB of each would take minutes if one of them were read in quadratic time.
    const std::size_t many = 50000;
    const auto repeated = [&](const std::string& text) {
        std::string all;
        for (std::size_t i = 0; i < many; ++i) all += text;
        return all;
    };
    for (const std::string& text :
         {"name=" + repeated("a( "), "name=" + repeated("S(b "), repeated("name "), "median=" + repeated("1,"),
          "n=1" + repeated(",234"), "median=4 " + repeated("("), "median=" + repeated("9"), "name='" + repeated("b "),
          "median=4 (95% " + repeated("- "), repeated("\u00A0") + "x", "follow-up=4 " + repeated("observed ")}) {
        const std::string message = refusal(trial_of(text));
        CHECK(message.size() < 2000);
    }
}

namespace {

// Writes the arm of the next test in a style of its own.
class Style {
  public:
    explicit Style(unsigned seed) : random_(seed) {}

    std::string arm() {
        const std::string blank = some({" ", "  ", ", ", "; ", "\u00A0", "\n", "\t"});
        std::vector<std::string> items = {key("n") + count(), key("events") + events(), key("follow-up") + follow_up(),
                                          key("median") + median(), milestone()};
        std::shuffle(items.begin(), items.end(), random_);
        std::string text = "name=" + some({"Drug A", "\"Drug A\"", "“Drug A”", "Drug\u00A0A"});
        for (const std::string& item : items) text += blank + item;
        return text;
    }

    std::string ratio() {
        const std::string point = decimal_point();
        std::string text = some({"", "HR ", "HR, ", "HR=", "hazard ratio ", "hazard ratio for death, ", "HR: "});
        text += some({"0", ""}) + point + "74" + interval("0" + point + "58", "0" + point + "94", "");
        // Within the bracket, where there is one.
        const std::string p = some({"p", "P ", "P", "p-value ", "two-sided P"}) + some({"<", " < ", "＜"}) +
                              some({"0", ""}) + point + "001";
        if (text.back() == ')' && one_of(2) == 0) return text.substr(0, text.size() - 1) + some({"; ", ", "}) + p + ")";
        return text + some({"; ", ", ", " "}) + p;
    }

  private:
    int one_of(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    std::string some(const std::vector<std::string>& of) { return of[random_() % of.size()]; }
    std::string decimal_point() { return some({".", "·", "∙", "⋅"}); }
    std::string dash() { return some({"-", "–", "—", "−", " - ", "\u2009–\u2009", " to ", "‑", "--", ", ", "~"}); }
    std::string gap() { return some({" ", "", "\u00A0", "\u2009", "\u202F"}); }

    std::string key(const std::string& name) { return name + some({"=", " = ", "= ", "\u2009=\u2009", "＝"}); }
    std::string count() {
        return some({"1,234", "1234", "1\u00A0234", "1\u2009234", "1'234"}) + some({"", " patients"});
    }
    std::string events() {
        return some({"181", "181/1,234", "181/1234 (14.7%)", "181 of 1234", "181 events", "181 (14·7 %)", "181/1234"});
    }
    std::string follow_up() {
        const std::string words = some({"IQR ", "IQR: ", "interquartile range, ", "IQR\u00A0"});
        const std::string open = some({"(", "["});
        return "20" + some({"", " months", " mo"}) + " " + open + words + "15" + dash() + "30" +
               (open == "(" ? ")" : "]");
    }

    // The level and the limits, in any brackets.
    std::string interval(const std::string& low, const std::string& high, const std::string& unit) {
        const std::string level =
            some({"95% CI ", "95%-CI: ", "95 % CI, ", "95%\u00A0CI ", "CI 95% ", "95% confidence interval "});
        const std::string limits = low + unit + dash() + high + unit;
        switch (one_of(6)) {
            case 0:
                return gap() + "(" + level + limits + ")";
            case 1:
                return gap() + "[" + level + limits + "]";
            case 2:
                return "; " + level + limits;
            case 3:
                return gap() + "(" + limits + ")";
            case 4:
                return ", " + level + "[" + limits + "]";
            default:
                return gap() + "(" + limits + "; 95% CI)";
        }
    }

    std::string median() {
        const std::string point = decimal_point(), unit = some({"", " months", "\u00A0mo"});
        return "17" + point + "6" + unit + interval("15" + point + "0", some({"NE", "not estimable", "NA"}), "");
    }

    std::string milestone() {
        const std::string percent = some({"%", " %", "\u202F%"}),
                          time = some({"24", "24 months", "24\u00A0mo", "2 years", "2y"});
        const std::string head = "S(" + time + ")" + some({"=", " = "}) + "38" + percent;
        return head + interval("31", "45", some({"", "%"}));
    }

    std::mt19937 random_;
};

}  // namespace

TEST_CASE("one arm in two thousand pasted styles is the same arm", "[numbers]") {
    std::map<std::string, int> seen;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        Style style(seed);
        TypedTrial typed;
        typed.arms = {style.arm(), "name=B"};
        typed.hazard_ratios = {style.ratio()};
        INFO(typed.arms[0]);
        INFO(typed.hazard_ratios[0]);
        const Trial trial = trial_from_text(typed);
        const Analysis& analysis = trial.analyses.at(0);
        const ArmResult& arm = analysis.arms.at(0);
        REQUIRE(trial.arms[0].name == "Drug A");
        REQUIRE(arm.n_patients == 1234);
        REQUIRE(arm.events.at(0).value == PrintedNumber{number, 181, 0});
        REQUIRE(arm.follow_up.at(0).median_months == PrintedNumber{number, 20, 0});
        REQUIRE(arm.follow_up[0].quartiles_months == std::pair{15.0, 30.0});
        const Statistic& median = arm.median.at(0);
        REQUIRE(median.value == PrintedNumber{number, 17.6, 1});
        REQUIRE(median.lower == PrintedNumber{number, 15, 1});
        REQUIRE(median.upper == PrintedNumber{not_estimable, 0, 0});
        REQUIRE(median.level == .95);
        REQUIRE(arm.milestones.size() == 1);
        REQUIRE(arm.milestones[0].time_months == 24);
        const Statistic& survival = arm.milestones[0].survival.at(0);
        REQUIRE(survival.value == PrintedNumber{number, .38, 2});
        REQUIRE(survival.lower == PrintedNumber{number, .31, 2});
        REQUIRE(survival.upper == PrintedNumber{number, .45, 2});
        const Contrast& contrast = analysis.contrasts.at(0);
        REQUIRE(contrast.hazard_ratio.at(0).value == PrintedNumber{number, .74, 2});
        REQUIRE(contrast.hazard_ratio[0].lower == PrintedNumber{number, .58, 2});
        REQUIRE(contrast.hazard_ratio[0].upper == PrintedNumber{number, .94, 2});
        REQUIRE(contrast.p_values.at(0).value == PrintedNumber{number, .001, 3});
        REQUIRE(contrast.p_values[0].relation == Relation::less);
        ++seen[typed.arms[0]];
    }
    CHECK(seen.size() > 1990);
}

TEST_CASE("a key needs no sign before its number, as papers write it") {
    for (const std::string text :
         {"median 17.6 months (95% CI 15.2-19.9), n 334", "median: 17.6 (15.2-19.9); n: 334",
          "n of 334; median was 17.6 months (15.2 to 19.9)", "Median of 17.6 [15.2; 19.9] N=334"}) {
        INFO(text);
        const ArmResult arm = arm_of(text);
        CHECK(arm.n_patients == 334);
        CHECK(arm.median.at(0).value == PrintedNumber{number, 17.6, 1});
        CHECK(arm.median.at(0).lower == PrintedNumber{number, 15.2, 1});
        CHECK(arm.median.at(0).upper == PrintedNumber{number, 19.9, 1});
    }
    CHECK(arm_of("median not reached n 20").median.at(0).value.kind == not_reached);
    CHECK(arm_of("n=20 S(24) 71%").milestones.at(0).survival.at(0).value == PrintedNumber{number, .71, 2});
    CHECK_THROWS_WITH(arm_of("median events=12"), Catch::Contains("\"=\" is missing after median"));
    CHECK_THROWS_WITH(arm_of("name A median=12"), Catch::Contains("\"=\" is missing after name"));
}
