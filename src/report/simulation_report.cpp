// The agreement of simulated patients with what was published: what each row compares, and in which words.
#include "report/simulation_report.hpp"

#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

using catalogue::StatisticKey;
using evidence::AnalysisEvidence;
using evidence::Observation;
using patients::DrawnNumber;
using patients::NumberFrom;
using patients::SimulatedArm;

std::string_view key_of(Agreement agreement) {
    switch (agreement) {
        case Agreement::as_published:
            return "as-published";
        case Agreement::within_rounding:
            return "within-rounding";
        case Agreement::within_tolerance:
            return "within-tolerance";
        case Agreement::differs:
            return "differs";
        case Agreement::estimated:
            return "estimated";
        case Agreement::given:
            return "given";
        case Agreement::assumed:
            break;
    }
    return "assumed";
}

Number count(std::size_t n, render::Status status = render::Status::derived) {
    return {static_cast<double>(n), status, 0};
}

// "+1.85", one decimal more than the published number has.
std::string difference_text(const SimulationRow& row) {
    if (!row.difference) return row.agreement == Agreement::as_published ? "as published" : "differs";
    const double shown = *row.difference * (row.published.percent ? 100 : 1);
    return (shown < 0 ? "-" : "+") + support::fixed(std::abs(shown), row.published.decimals == 0 && row.key == "events"
                                                                         ? 0
                                                                         : row.published.decimals + 1);
}

std::string words(const SimulationRow& row) {
    switch (row.agreement) {
        case Agreement::as_published:
            return "as published";
        case Agreement::within_rounding:
            return "within rounding";
        case Agreement::estimated:
            return "estimated";
        case Agreement::given:
            return "as given";
        case Agreement::assumed:
            return "assumed";
        case Agreement::within_tolerance:
        case Agreement::differs:
            break;
    }
    return difference_text(row);
}

SimulationRow patients_row(const SimulatedArm& plan, const evidence::ArmEvidence& printed, std::size_t drawn) {
    SimulationRow row;
    row.key = "n";
    row.title = "patients";
    row.drawn = count(drawn);
    if (plan.n_from == NumberFrom::published || plan.n_from == NumberFrom::record)
        row.published = count(plan.n_patients, render::Status::reported);
    else if (plan.n_from == NumberFrom::given && printed.n_patients)
        row.published = count(static_cast<std::size_t>(*printed.n_patients), render::Status::reported);
    row.agreement = row.published.value && plan.n_from != NumberFrom::given ? Agreement::as_published
                    : plan.n_from == NumberFrom::given                      ? Agreement::given
                                                                            : Agreement::assumed;
    if (row.published.value) row.difference = *row.drawn.value - *row.published.value;
    row.tolerance = 0;
    return row;
}

SimulationRow events_row(const SimulatedArm& plan, const evidence::ArmEvidence& printed, std::size_t drawn,
                         bool plain) {
    SimulationRow row;
    row.key = row.title = "events";
    row.drawn = count(drawn);
    row.agreement = Agreement::estimated;
    if (printed.n_events) {
        row.published = {*printed.n_events, render::Status::reported, 0};
        row.difference = static_cast<double>(drawn) - *printed.n_events;
    }
    if (plan.events_given) {
        row.agreement = Agreement::given;
    } else if (plan.printed_events) {
        const double n = static_cast<double>(plan.n_patients), share = plan.expected_events / n;
        row.tolerance = plain ? 1.96 * std::sqrt(n * share * (1 - share)) : 0;
        row.agreement = *row.difference == 0                          ? Agreement::as_published
                        : std::abs(*row.difference) <= *row.tolerance ? Agreement::within_tolerance
                                                                      : Agreement::differs;
    }
    return row;
}

Agreement agreement_of(const Observation& o, const DrawnNumber& number) {
    if (number.within_rounding)
        return o.published.is_number() && number.value ? Agreement::within_rounding : Agreement::as_published;
    return number.beyond_tolerance ? Agreement::differs : Agreement::within_tolerance;
}

SimulationRow statistic_row(const Observation& o, const DrawnNumber& number) {
    const bool percent = o.statistic.is(StatisticKey::Kind::milestone);
    SimulationRow row;
    row.key = to_string(o.statistic);
    row.title = o.control ? "hazard ratio (Cox)" : statistic_title(o.statistic);
    if (percent) row.time_months = o.statistic.time_months;
    row.published = cell(o.published, percent);
    row.drawn = Number::missing(o.statistic.is(StatisticKey::Kind::median) ? render::Status::not_reached
                                                                           : render::Status::not_estimable);
    if (number.value)
        row.drawn = Number::derived(*number.value, o.control ? std::max(o.published.decimals, 2)
                                                             : std::max(o.published.shown_decimals(), percent ? 3 : 1));
    row.drawn.percent = percent;
    if (o.published.is_number() && number.value) row.difference = *number.value - o.published.value;
    row.tolerance = number.tolerance;
    row.agreement = agreement_of(o, number);
    return row;
}

SimulationRow follow_up_row(const SimulatedArm& plan, const catalogue::PrintedNumber& printed,
                            const std::vector<patients::Patient>& patients, bool plain) {
    SimulationRow row;
    row.key = plan.time_on_study ? "time_on_study" : "follow_up";
    row.title = plan.time_on_study ? "median time on study" : "median follow-up";
    row.published = cell(printed);
    const auto drawn = patients::median_follow_up(patients, plan.time_on_study);
    row.drawn = drawn ? Number::derived(*drawn, std::max(1, row.published.decimals))
                      : Number::missing(render::Status::not_reached);
    if (drawn) row.difference = *drawn - printed.value;
    if (!plain) row.tolerance = printed.half_unit();
    const bool rounds = drawn && std::abs(*row.difference) <= printed.half_unit() * (1 + 1e-9);
    row.agreement = rounds ? Agreement::within_rounding : plain ? Agreement::within_tolerance : Agreement::differs;
    return row;
}

// A statistic of an arm, or the arm's name before its statistics.
struct Line {
    std::string text;
    const SimulationRow* row = nullptr;
};

render::Columns<SimulationRow> machine_columns() {
    using Row = SimulationRow;
    const auto optional = [](const std::optional<double>& value) {
        return value ? Cell(Number::derived(*value, 3)) : Cell();
    };
    return {{render::machine("trial"), &Row::trial},
            {render::machine("analysis"), &Row::analysis},
            {render::machine("arm"), &Row::arm},
            {render::machine("control"), &Row::control},
            {render::machine("statistic"), &Row::key},
            {render::machine("time_months"), [=](const Row& row) { return optional(row.time_months); }},
            {render::machine("published"), &Row::published},
            {render::machine("published_status"), [](const Row& row) { return Cell(status_word(row.published)); }},
            {render::machine("drawn"), &Row::drawn},
            {render::machine("drawn_status"), [](const Row& row) { return Cell(status_word(row.drawn)); }},
            {render::machine("difference"), [=](const Row& row) { return optional(row.difference); }},
            {render::machine("tolerance"), [=](const Row& row) { return optional(row.tolerance); }},
            {render::machine("agreement"), [](const Row& row) { return Cell(std::string(key_of(row.agreement))); }},
            {render::machine("flagged"), [](const Row& row) { return Cell(row.agreement == Agreement::differs); }}};
}

render::Columns<Line> human_columns() {
    return {{render::human("Arm, statistic"), &Line::text},
            {render::human("Published", true),
             [](const Line& line) { return line.row != nullptr ? Cell(line.row->published) : Cell(); }},
            {render::human("Drawn", true),
             [](const Line& line) {
                 if (line.row == nullptr) return Cell();
                 Number drawn = line.row->drawn;
                 drawn.flagged = line.row->agreement == Agreement::differs;
                 return Cell(drawn);
             }},
            {render::human("Difference"),
             [](const Line& line) { return line.row != nullptr ? Cell(words(*line.row)) : Cell(); }}};
}

}  // namespace

std::vector<SimulationRow> simulation_rows(const SimulatedAnalysis& of, const std::vector<patients::Arm>& drawn,
                                           double level) {
    const AnalysisEvidence& data = *of.fit->evidence;
    const std::vector<SimulatedArm>& plans = of.simulation->arms();
    const bool plain = of.simulation->options().calibration == patients::Calibration::none;
    const auto numbers = of.simulation->compare(drawn, level);
    const auto asked = [&](std::size_t arm) {
        return std::ranges::any_of(of.arms, [&](std::size_t index) { return plans[index].arm == arm; });
    };
    std::vector<SimulationRow> rows;
    const auto add = [&](SimulationRow row, const std::string& arm, const std::string& control = "") {
        row.trial = of.fit->trial->id;
        row.analysis = of.fit->analysis->id;
        row.arm = arm;
        row.control = control;
        rows.push_back(std::move(row));
    };
    for (const std::size_t index : of.arms) {
        const SimulatedArm& plan = plans[index];
        const evidence::ArmEvidence& printed = data.arms[plan.arm];
        const std::vector<patients::Patient>& patients = drawn[index].patients;
        add(patients_row(plan, printed, patients.size()), plan.id);
        const auto events = static_cast<std::size_t>(std::ranges::count(patients, true, &patients::Patient::event));
        add(events_row(plan, printed, events, plain), plan.id);
        for (const DrawnNumber& number : numbers) {
            const Observation& o = data.observations[number.observation];
            if (o.arm == plan.arm && !o.control) add(statistic_row(o, number), plan.id);
        }
        if (printed.published_follow_up)
            add(follow_up_row(plan, *printed.published_follow_up, patients, plain), plan.id);
    }
    for (const DrawnNumber& number : numbers) {
        const Observation& o = data.observations[number.observation];
        if (o.control && asked(o.arm) && asked(*o.control))
            add(statistic_row(o, number), data.arms[o.arm].id, data.arms[*o.control].id);
    }
    return rows;
}

std::vector<std::string> simulation_notes(const SimulatedAnalysis& of) {
    const AnalysisEvidence& data = *of.fit->evidence;
    const fit::FittedModel& model = of.fit->models.front();
    std::vector<std::string> notes;
    const auto months = [](double value) { return support::fixed(value, 1) + " months"; };
    for (const std::size_t index : of.arms) {
        const SimulatedArm& plan = of.simulation->arms()[index];
        const auto& printed = data.arms[plan.arm];
        const auto add = [&](const std::string& text) { notes.push_back(plan.id + ": " + text); };
        if (plan.n_from == NumberFrom::assumed)
            add("assumption: the number of patients was not published; " + std::to_string(plan.n_patients) +
                " are drawn" + (plan.n_words.empty() ? "" : ", " + plan.n_words));
        else if (plan.n_from == NumberFrom::share)
            add("assumption: the number of patients, " + std::to_string(plan.n_patients) + ", is " + plan.n_words);
        else if (!plan.n_words.empty())
            add("the number of patients is " + plan.n_words);
        if (printed.published_follow_up && plan.time_on_study &&
            printed.follow_up_kind == catalogue::FollowUp::Kind::unknown)
            add("the published median follow-up is taken as time on study, which ends with the event");
        if (!plan.printed_events && printed.published_follow_up)
            add("events are not published; their number follows from the curve and the published median follow-up");
        else if (!plan.printed_events)
            add("neither events nor follow-up are published; the last published time, " +
                months(data.follow_up_or_guess(plan.arm)) + ", is used as the median follow-up");
        constexpr double tenth = 0.1;  // to which the data cut is rounded up
        add("data cut at " + months(plan.end_months) +
            (plan.end_months > plan.supported_months + tenth
                 ? ", beyond the " + months(plan.supported_months) + " that the published estimates support"
                 : std::string()));
        if (model.arms[plan.arm].status == fit::FitStatus::prior)
            add("weakly identified: the shape of the curve is largely borrowed from similar trials");
        if (model.arms[plan.arm].status == fit::FitStatus::not_converged) add("the fit did not converge");
    }
    return notes;
}

Report simulation_report(const std::vector<SimulationRow>& rows, const std::vector<std::string>& notes) {
    Report report;
    report.table.name = "agreement";
    machine_columns().fill(report.table, rows);
    Table people;
    std::vector<Line> lines;
    std::string heading;
    for (const SimulationRow& row : rows) {
        const std::string of = row.control.empty() ? row.arm : row.arm + " v " + row.control;
        if (lines.empty() || of != heading) {
            if (!lines.empty()) people.rule_before.push_back(lines.size());
            lines.push_back({of});
            heading = of;
        }
        lines.push_back({"- " + row.title, &row});
    }
    human_columns().fill(people, lines);
    people.name = "agreement";
    people.flag_meaning = "differs from the published value by more than rounding and calibration allow";
    people.footnotes = notes;
    report.sections.push_back({"", {}, std::move(people), {}});
    return report;
}

support::Json simulation_json(const Report& report, const std::vector<std::string>& notes) {
    support::Json::Array rows, texts;
    for (const auto& row : report.table.rows) rows.push_back(render::row_object(report.table, row));
    for (const std::string& note : notes) texts.emplace_back(note);
    support::Json::Object object;
    object.emplace_back("agreement", std::move(rows));
    object.emplace_back("notes", std::move(texts));
    return support::Json(std::move(object));
}

}  // namespace hersurv::report
