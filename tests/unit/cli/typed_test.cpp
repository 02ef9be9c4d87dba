// Trials from typed numbers: what is taken, how decimals and percents are kept, and where errors point.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "catalogue/writer.hpp"
#include <string>
#include <vector>

using hersurv::catalogue::PrintedNumber;
using hersurv::catalogue::Relation;
using hersurv::catalogue::Trial;
using hersurv::catalogue::trial_from_text;
using hersurv::catalogue::TypedTrial;

namespace {

TypedTrial one_arm(const std::string& text) {
    TypedTrial typed;
    typed.arms = {text};
    return typed;
}

const hersurv::catalogue::Statistic& median_of(const Trial& trial, std::size_t arm = 0) {
    return trial.analyses.at(0).arms.at(arm).median.at(0);
}

std::string refusal(const TypedTrial& typed) {
    try {
        (void)trial_from_text(typed);
    } catch (const hersurv::support::UsageError& error) {
        return error.what();
    }
    return "(accepted)";
}

}  // namespace

TEST_CASE("the example of the contract is read number for number") {
    TypedTrial typed;
    typed.arms = {"name=A n=402 events=168 follow-up=50 median=57.1[50,72] S(96)=0.37 S(24)=80%[75,85]",
                  "name=B n=406 median=40.8[36,48] S(96)=0.23"};
    typed.hazard_ratios = {"0.69[0.58,0.82]"};
    typed.p_values = {"p<0.001"};
    const Trial trial = trial_from_text(typed);

    CHECK(trial.id == "command-line");
    REQUIRE(trial.arms.size() == 2);
    CHECK(trial.arms[0].name == "A");
    CHECK(trial.arms[0].role == "experimental");
    CHECK(trial.arms[1].role == "control");
    CHECK(trial.arms[1].n_patients == 406);

    REQUIRE(trial.analyses.size() == 1);
    const auto& analysis = trial.analyses[0];
    CHECK(analysis.id == "os");
    CHECK(analysis.endpoint == "OS");
    CHECK(analysis.is_default);
    const auto& arm = analysis.arms.at(0);
    CHECK(arm.n_patients == 402);
    CHECK(arm.events.at(0).value.value == 168);
    CHECK(arm.follow_up.at(0).median_months.value == 50);
    CHECK(arm.median.at(0).value == PrintedNumber{PrintedNumber::Kind::number, 57.1, 1});
    CHECK(arm.median.at(0).lower == PrintedNumber{PrintedNumber::Kind::number, 50, 0});
    CHECK(arm.median.at(0).upper == PrintedNumber{PrintedNumber::Kind::number, 72, 0});
    REQUIRE(arm.milestones.size() == 2);  // by time
    CHECK(arm.milestones[0].time_months == 24);
    CHECK(arm.milestones[0].survival.at(0).value == PrintedNumber{PrintedNumber::Kind::number, 0.80, 2});
    CHECK(arm.milestones[0].survival.at(0).lower == PrintedNumber{PrintedNumber::Kind::number, 0.75, 2});
    CHECK(arm.milestones[1].survival.at(0).value == PrintedNumber{PrintedNumber::Kind::number, 0.37, 2});

    REQUIRE(analysis.contrasts.size() == 1);
    CHECK(analysis.contrasts[0].experimental == "A");
    CHECK(analysis.contrasts[0].control == "B");
    CHECK(analysis.contrasts[0].hazard_ratio.at(0).upper->value == 0.82);
    CHECK(analysis.contrasts[0].p_values.at(0).relation == Relation::less);
    CHECK(analysis.contrasts[0].p_values.at(0).value == PrintedNumber{PrintedNumber::Kind::number, 0.001, 3});
    CHECK(trial.json != nullptr);
}

TEST_CASE("the record of typed numbers writes back as a valid catalogue") {
    TypedTrial typed;
    typed.arms = {"name=\"T-DXd 5.4 mg/kg\" n=261 median=NR[40.5,NE]", "n=263 median=26.8 (23.5-NR)"};
    typed.hazard_ratios = {
        "0.73 (95% CI 0.56\xE2\x80\x93"
        "0.94)"};
    const Trial trial = trial_from_text(typed);
    const std::string text = hersurv::support::write_json(hersurv::catalogue::to_document(trial));
    CHECK(hersurv::catalogue::validate_document(text, "typed").empty());
}

TEST_CASE("limits are read in every form that papers print") {
    const std::vector<std::string> forms = {"median=57.1[50,72]",
                                            "median=57.1 [50, 72]",
                                            "median=57.1(50-72)",
                                            "median=57.1 (50 - 72)",
                                            "median = 57.1 50-72",
                                            "median=57.1 (50 to 72)",
                                            "median=57.1 (50;72)",
                                            "median=57.1 (95% CI 50-72)",
                                            "median=57.1 (95 % CI: 50, 72)",
                                            "median=57\xC2\xB7"
                                            "1 (50\xE2\x80\x93"
                                            "72)"};
    for (const std::string& form : forms) {
        CAPTURE(form);
        const Trial trial = trial_from_text(one_arm(form + " n=10"));
        CHECK(median_of(trial).value.value == 57.1);
        CHECK(median_of(trial).lower->value == 50);
        CHECK(median_of(trial).upper->value == 72);
        CHECK(median_of(trial).level == 0.95);
        CHECK(trial.arms[0].n_patients == 10);
    }
    CHECK(median_of(trial_from_text(one_arm("median=9.9 (90% CI 8-11)"))).level == 0.9);
}

TEST_CASE("decimals are those of the text") {
    CHECK(median_of(trial_from_text(one_arm("median=57.10[50.0,72]"))).value.decimals == 2);
    CHECK(median_of(trial_from_text(one_arm("median=57.10[50.0,72]"))).lower->decimals == 1);
    CHECK(median_of(trial_from_text(one_arm("median=57.10[50.0,72]"))).upper->decimals == 0);
    const auto survival = [](const std::string& text) {
        return trial_from_text(one_arm(text)).analyses[0].arms[0].milestones.at(0).survival.at(0).value;
    };
    CHECK(survival("S(12)=80%") == PrintedNumber{PrintedNumber::Kind::number, 0.8, 2});
    CHECK(survival("S(12)=80.5%") == PrintedNumber{PrintedNumber::Kind::number, 0.805, 3});
    CHECK(survival("S(12)=80.0%") == PrintedNumber{PrintedNumber::Kind::number, 0.8, 3});
    // As the reader takes probabilities and hazard ratios: two decimals at least.
    CHECK(survival("S(12)=0.8") == PrintedNumber{PrintedNumber::Kind::number, 0.8, 2});
}

TEST_CASE("a typed trial is the trial of the document with the same numbers") {
    TypedTrial typed;
    typed.arms = {
        "name=A n=402 events=168 follow-up=50.0(1.0-70) median=57.10[50.0,72] S(96)=37.0%[30,44.50] S(24)=0.8",
        "name=B median=NR[36.00,NE]"};
    typed.hazard_ratios = {"0.7[0.580,0.82]"};
    typed.p_values = {"0.010"};
    const Trial trial = trial_from_text(typed);
    const std::string text = R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "command-line",
        "arms": [{"id": "A", "n": 402, "role": "experimental"}, {"id": "B", "role": "control"}],
        "analyses": [{"id": "os", "endpoint": "OS", "arms": {
            "A": {"events": {"value": 168}, "follow_up": {"median": 50.0, "range": [1.0, 70]},
                  "median": {"value": 57.10, "lower": 50.0, "upper": 72},
                  "milestones": [{"time": 96, "survival": 0.370, "lower": 0.30, "upper": 0.4450}, {"time": 24, "survival": 0.8}]},
            "B": {"median": {"value": "NR", "lower": 36.00, "upper": "NE"}}},
          "contrasts": [{"experimental": "A", "control": "B", "hazard_ratio": {"value": 0.7, "lower": 0.580, "upper": 0.82},
            "p_value": {"value": 0.010}}]}]}]})";
    const Trial same = hersurv::catalogue::read_document(text, "f").trials.at(0);
    CHECK(hersurv::catalogue::to_document(trial) == hersurv::catalogue::to_document(same));
    const auto numbers = [](const Trial& one) {
        std::vector<PrintedNumber> list;
        const auto add = [&](const hersurv::catalogue::Statistics& statistics) {
            for (const auto& statistic : statistics)
                for (const auto& number : {std::optional(statistic.value), statistic.lower, statistic.upper})
                    if (number) list.push_back(*number);
        };
        const auto& analysis = one.analyses.at(0);
        for (const auto& arm : analysis.arms) {
            add(arm.events);
            add(arm.median);
            for (const auto& milestone : arm.milestones) add(milestone.survival);
            for (const auto& follow_up : arm.follow_up) list.push_back(follow_up.median_months);
        }
        add(analysis.contrasts.at(0).hazard_ratio);
        list.push_back(analysis.contrasts[0].p_values.at(0).value);
        return list;
    };
    REQUIRE(numbers(trial).size() == 16);
    CHECK(numbers(trial) == numbers(same));
    // What was typed survives being written and read.
    const std::string written = hersurv::support::write_json(hersurv::catalogue::to_document(trial));
    CHECK(numbers(hersurv::catalogue::read_document(written, "f").trials.at(0)) == numbers(trial));
    CHECK(written.find("\"value\": 57.10,") != std::string::npos);
    // Counts have no decimals, however they are typed.
    CHECK(trial_from_text(one_arm("events=168.0")).analyses[0].arms[0].events.at(0).value ==
          PrintedNumber{PrintedNumber::Kind::number, 168, 0});
}

TEST_CASE("bytes that are no text are refused") {
    for (const std::string bytes : {"\xff", "\xc3", "\xed\xa0\x80"}) {
        CHECK(refusal(one_arm("name=A" + bytes + " median=4")) ==
              "the text is not valid UTF-8; save the file as UTF-8");
        TypedTrial typed = one_arm("median=4");
        typed.endpoint = "OS" + bytes;
        CHECK(refusal(typed) == "the text is not valid UTF-8; save the file as UTF-8");
    }
}

TEST_CASE("NR and NE stay what they are, in any case") {
    const auto& trial = trial_from_text(one_arm("median=nr[49.3,NE]"));
    CHECK(median_of(trial).value.kind == PrintedNumber::Kind::not_reached);
    CHECK(median_of(trial).lower->value == 49.3);
    CHECK(median_of(trial).upper->kind == PrintedNumber::Kind::not_estimable);
}

TEST_CASE("names have blanks, quotes or nothing") {
    const auto name = [](const std::string& text) { return trial_from_text(one_arm(text)).arms.at(0).name; };
    CHECK(name("name=Trastuzumab deruxtecan n=261") == "Trastuzumab deruxtecan");
    CHECK(name("n=261 name=\"A n=3\" median=4") == "A n=3");
    CHECK(name("median=4, name='B'; n=5") == "B");
    CHECK(name("name=A/B ~1 S(24)=0.5") == "A/B ~1");
    CHECK(name("median=4") == "arm-1");
    CHECK(name("") == "arm-1");
}

TEST_CASE("a hazard ratio says whose it is") {
    TypedTrial typed;
    typed.arms = {"name=A median=10", "name=B median=9", "name=C c median=8"};
    typed.hazard_ratios = {"B:A=0.9", "D : a = 0.8[0.6,1.1]"};
    CHECK(refusal(typed).find("there is no arm \"D\"; there is A, B, C c") != std::string::npos);
    typed.hazard_ratios[1] = "c C : a = 0.8[0.6,1.1]";
    typed.p_values = {"0.04", ">= 0.05"};
    const Trial trial = trial_from_text(typed);
    REQUIRE(trial.analyses[0].contrasts.size() == 2);
    CHECK(trial.analyses[0].contrasts[0].experimental == "B");
    CHECK(trial.analyses[0].contrasts[0].control == "A");
    CHECK(trial.analyses[0].contrasts[1].experimental == "C c");
    CHECK(trial.analyses[0].contrasts[1].hazard_ratio.at(0).lower->decimals == 2);
    CHECK(trial.analyses[0].contrasts[1].p_values.at(0).relation == Relation::greater_equal);
}

TEST_CASE("a p-value without a hazard ratio belongs to the first two arms") {
    TypedTrial typed;
    typed.arms = {"median=10", "median=9"};
    typed.p_values = {"0.010"};
    const Trial trial = trial_from_text(typed);
    CHECK(trial.analyses.at(0).contrasts.at(0).hazard_ratio.empty());
    CHECK(trial.analyses[0].contrasts[0].p_values.at(0).value == PrintedNumber{PrintedNumber::Kind::number, 0.01, 3});
}

TEST_CASE("errors quote the text and the column") {
    struct Case {
        std::string text, column, part;
    };
    const std::vector<Case> cases = {
        {"name=A medan=57", "8", "unknown key \"medan\"; did you mean median?"},
        {"name=\xC3\x84 medan=57", "8", "did you mean median?"},  // characters, not bytes
        {"n=40x", "3", "\"40x\" is not a number"},
        {"median=", "8", "a number is missing"},
        {"median=nan", "8", "\"nan\" is not a number"},
        {"median=57.1[50", "15", "the upper limit is missing"},
        {"median=57.1[50,72)", "18", "\"]\" is missing"},
        {"median=57.1[50,72", "18", "\"]\" is missing"},
        {"median=1.2.3", "8", "\"1.2.3\" is not a number"},
        {"median=57,1", "11", "write decimals with a point"},
        {"median=50%", "8", "in months, not in percent"},
        {"median=5 median=6", "10", "median is given twice"},
        {"S(24)=0.5 S(24)=0.6", "11", "S(24) is given twice"},
        {"S(24=0.5", "5", "\")\" is missing"},
        {"S(NR)=0.5", "3", "the time is a number of months"},
        {"S(24) half", "7", "\"=\" is missing"},
        {"S(24)=0.8[75%,85%]", "11", "its value is not"},
        {"events=NR", "8", "events is a whole number"},
        {"name=\"A", "6", "the quotation mark is not closed"},
        {"name= n=4", "7", "the name is empty"},
        {"name=S(24)=0.5", "6", "the name is empty"},
        {"name=A=B median=20", "6", "put a name that contains \"=\" in quotes: name='A=B'"},
        // Ranges: the reader's.
        {"median=-5", "8", ""},
        {"n=1.5", "3", ""},
        {"n=-1", "3", ""},
        {"events=2.5", "8", ""},
        {"S(24)=80", "7", ""},
        {"S(24)=101%", "7", ""},
        {"S(-1)=0.5", "3", ""},
        {"S(24)=0.5[0.4,1.5]", "15", ""},
        {"median=5[-1,7]", "10", ""},
        {"follow-up=-3", "11", ""},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const std::string message = refusal(one_arm(one.text));
        CAPTURE(message);
        CHECK(message.find("--arm \"" + one.text + "\", column " + one.column + ": ") == 0);
        CHECK(message.find(one.part) != std::string::npos);
    }
}

TEST_CASE("errors of the other options") {
    TypedTrial typed;
    CHECK(refusal(typed).find("--arm is missing") == 0);
    typed.arms = {"median=4"};
    typed.endpoint = "pfs";
    CHECK(trial_from_text(typed).analyses.at(0).endpoint == "PFS");
    for (const std::string bad : {"over all", "5y", "ORR", "orr", "PFS!", "-OS"}) {
        CAPTURE(bad);
        typed.endpoint = bad;
        CHECK(refusal(typed).find("--endpoint \"" + bad + "\", column 1: ") == 0);
    }
    typed.endpoint = "IDFS";  // listed names have one spelling, others are taken as they are
    CHECK(trial_from_text(typed).analyses.at(0).endpoint == "iDFS");
    typed.endpoint = "XyFS";
    CHECK(trial_from_text(typed).analyses.at(0).endpoint == "XyFS");
    typed.endpoint = "OS";
    typed.hazard_ratios = {"0.5"};
    CHECK(refusal(typed).find("give --arm twice") != std::string::npos);
    typed.arms = {"name=A median=4", "name=a median=5"};
    CHECK(refusal(typed).find("two arms have the name \"a\"") != std::string::npos);
    typed.arms = {"name=A median=4", "name=B median=5"};
    for (const std::string bad : {"0", "-0.5", "x", "50%", "0.5 0.6", "A:B", "A=0.5", "A:A=0.5", "NaN", ""}) {
        CAPTURE(bad);
        typed.hazard_ratios = {bad};
        CHECK(refusal(typed).find("--hr \"" + bad + "\", column ") == 0);
    }
    typed.hazard_ratios = {"0.5"};
    for (const std::string bad : {"2", "-1", "NR", "5%", "p", "p<", "0.01 x"}) {
        CAPTURE(bad);
        typed.p_values = {bad};
        CHECK(refusal(typed).find("--p \"" + bad + "\", column ") == 0);
    }
    typed.p_values = {"0.1", "0.2"};
    CHECK(refusal(typed).find("there are more --p than --hr") == 0);
}

TEST_CASE("the follow-up of the trial is that of the arms without one of their own") {
    TypedTrial typed;
    typed.arms = {"name=A n=10 follow-up=30", "name=B n=10", "name=C n=10"};
    typed.follow_up = "2y observed";
    const Trial trial = trial_from_text(typed);
    const auto& arms = trial.analyses.at(0).arms;
    CHECK(arms.at(0).follow_up.at(0).median_months.value == 30);
    for (const std::size_t arm : {1, 2}) {
        CHECK(arms.at(arm).follow_up.at(0).median_months.value == 24);
        CHECK(arms.at(arm).follow_up.at(0).kind == hersurv::catalogue::FollowUp::Kind::observed);
    }
    typed.follow_up = "80";
    CHECK(trial_from_text(typed).analyses.at(0).arms.at(1).follow_up.at(0).kind ==
          hersurv::catalogue::FollowUp::Kind::unknown);
    for (const std::string bad : {"20.2 observd", "80%", "x", "80 90", "-3", "200000", "80 n=4", " "}) {
        CAPTURE(bad);
        typed.follow_up = bad;
        CHECK(refusal(typed).find("--follow-up \"" + bad + "\", column ") == 0);
    }
    typed.arms = {"follow-up=30"};
    typed.follow_up = "80";
    CHECK(refusal(typed).find("but all have it; leave out one of the two") != std::string::npos);
}

TEST_CASE("the name is the trial's") {
    TypedTrial typed = one_arm("median=20");
    typed.name = "KEYNOTE-189";
    CHECK(trial_from_text(typed).id == "KEYNOTE-189");
    typed.name = " x";
    CHECK(refusal(typed).find("--name \" x\", column 1: ") == 0);
    typed.name = "";
    CHECK(refusal(typed).find("--name \"\", column 1: ") == 0);
    typed.name = "\xFF";
    CHECK(refusal(typed).find("UTF-8") != std::string::npos);
}

TEST_CASE("the time of a milestone may have a unit, at once or after a blank") {
    const Trial trial = trial_from_text(one_arm("name=A b S(5y)=42% S(60.5mo)=41% S(52 weeks)=80% S(730 d) = 60%"));
    const auto& milestones = trial.analyses.at(0).arms.at(0).milestones;
    REQUIRE(milestones.size() == 4);
    CHECK(milestones[0].time_months == Approx(52 * 7 / 30.4375).margin(.001));
    CHECK(milestones[1].time_months == Approx(730 / 30.4375).margin(.001));
    CHECK(milestones[2].time_months == 60);
    CHECK(milestones[3].time_months == 60.5);
    CHECK(refusal(one_arm("S(5 parsecs)=42%")).find("column 5: the unit of time is not one of months") !=
          std::string::npos);
    CHECK(refusal(one_arm("S(5y)=42% S(60)=42%")).find("column 11: S(60) is given twice") != std::string::npos);
}

TEST_CASE("no prefix of a text crashes, and what is accepted is a valid record") {
    const std::string text =
        "name=\"A b\" n=402 events=168 follow-up=50(1-70) median=57.1[50,NE] S(96)=0.37 S(24)=80%(75-85)";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        CAPTURE(text.substr(0, length));
        try {
            const Trial trial = trial_from_text(one_arm(text.substr(0, length)));
            CHECK(trial.arms.size() == 1);
        } catch (const hersurv::support::UsageError& error) {
            CHECK(std::string(error.what()).find("--arm \"") == 0);
        }
    }
}

TEST_CASE("times may be typed in years, weeks and days") {
    using hersurv::catalogue::TimeUnit;
    for (const char* text : {"median=12.7y[11,NR]", "median=12.7 years [11, NR]", "median=12.7 (95% CI 11-NR) years",
                             "median=12.7yr[11 yrs,NR]"}) {
        INFO(text);
        const auto& median = trial_from_text(one_arm(std::string("name=A n=10 ") + text + " events=3"));
        CHECK(median_of(median).value.value == 152.4);
        CHECK(median_of(median).value.unit == TimeUnit::years);
        CHECK(median_of(median).lower->value == 132);
        CHECK(median.analyses[0].arms[0].events.size() == 1);
    }
    CHECK(median_of(trial_from_text(one_arm("median=57.1 months"))).value.value == 57.1);
    CHECK(median_of(trial_from_text(one_arm("median=55w"))).value.unit == TimeUnit::weeks);
    const auto arm =
        trial_from_text(one_arm("S(5y)=92% S(24 weeks)=99% follow-up=5.7y[0,8] observed n=9")).analyses[0].arms[0];
    CHECK(arm.milestones.at(0).time_months == 5.52);
    CHECK(arm.milestones.at(1).time_months == 60);
    CHECK(arm.follow_up.at(0).median_months.value == 68.4);
    CHECK(arm.follow_up.at(0).range_months == std::pair{0.0, 96.0});
    CHECK(arm.follow_up.at(0).kind == hersurv::catalogue::FollowUp::Kind::observed);

    CHECK(refusal(one_arm("median=12.7parsecs")) ==
          "--arm \"median=12.7parsecs\", column 12: \"parsecs\" is not a unit of time; write months, years, weeks or "
          "days, as in 12.7 years or 12.7y");
    CHECK(refusal(one_arm("median=12.7 parsecs n=9")).find("\"parsecs\" is not a unit of time") != std::string::npos);
    CHECK(refusal(one_arm("median=12.7y[11w,13]")).find("one value is in") != std::string::npos);
    CHECK(refusal(one_arm("median=900y")).find("a time in years is 0 to 833") != std::string::npos);
    CHECK(refusal(one_arm("n=402 years")).find("years") != std::string::npos);
}

TEST_CASE("a misspelt kind of follow-up is told what it may be") {
    for (const char* text :
         {"follow-up=20.2 observd", "follow-up=20.2 observd median=14", "follow-up=20.2[0.1,64.5] rkm"}) {
        INFO(text);
        CHECK(refusal(one_arm(text)).find("is not a kind of follow-up; write observed or reverse-kaplan-meier") !=
              std::string::npos);
    }
    CHECK(refusal(one_arm("follow-up=20.2 observed reverse-kaplan-meier")).find("is not part of a follow-up") !=
          std::string::npos);
    CHECK(refusal(one_arm("follow-up=20.2 median 14")) == "(accepted)");
}
