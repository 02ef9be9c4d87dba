// A digitised figure as a catalogue's trial, and its medians and milestones beside the published ones.
#include "report/digitised_record.hpp"

#include "patients/milestone_times.hpp"
#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

using catalogue::PrintedNumber;
using catalogue::Statistic;
using digitise::Arm;

// What a reading is sure of: of lines the file's own digits, of pixels about one of them.
struct ReadDecimals {
    int months = 2, survival = 3;
};
ReadDecimals decimals_of(const DigitisedFigure& figure) {
    return figure.reading.vector ? ReadDecimals{2, 3} : ReadDecimals{1, 2};
}

double months_per_unit(const DigitisedFigure& figure) { return figure.reading.months_per_unit.value_or(1); }

PrintedNumber rounded_number(double value, int decimals) {
    return {PrintedNumber::Kind::number, support::rounded(value, decimals), decimals};
}

std::optional<int> patients_at_zero(const Arm& arm) {
    if (arm.at_risk.empty() || arm.at_risk.front().time != 0) return std::nullopt;
    return arm.at_risk.front().patients;
}

// Where few are left that curves are no longer believed, if the numbers at risk tell; else the end of the curve.
double supported_end(const DigitisedFigure& figure, const Arm& arm) {
    double end = arm.ends_at;
    if (const std::optional<int> n = patients_at_zero(arm)) {
        const double least = std::max(10.0, 0.1 * *n);
        for (const digitise::AtRiskNumber& number : arm.at_risk)
            if (number.patients && *number.patients < least) end = std::min(end, number.time);
    }
    return end * months_per_unit(figure);
}

std::optional<catalogue::NumbersAtRisk> at_risk_of(const DigitisedFigure& figure, const Arm& arm,
                                                   const catalogue::Provenance& from) {
    catalogue::NumbersAtRisk numbers;
    numbers.from = from;
    for (const digitise::AtRiskNumber& number : arm.at_risk)
        if (number.patients)
            numbers.numbers.push_back(
                {support::rounded_to_digits(number.time * months_per_unit(figure), 9), *number.patients});
    if (numbers.numbers.empty()) return std::nullopt;
    return numbers;
}

catalogue::ArmResult result_of_arm(const DigitisedFigure& figure, const Arm& arm, const std::string& id,
                                   const catalogue::Provenance& from) {
    const ReadDecimals decimals = decimals_of(figure);
    const double unit = months_per_unit(figure);
    catalogue::ArmResult result;
    result.arm = id;
    result.n_patients = patients_at_zero(arm);
    Statistic median;
    const std::optional<double> read = read_median(arm);
    median.value =
        read ? rounded_number(*read * unit, decimals.months) : PrintedNumber{PrintedNumber::Kind::not_reached, 0, 0};
    median.from = from;
    result.median.push_back(median);
    const double end = supported_end(figure, arm), step = patients::even_step(end, patients::most_milestones);
    for (int k = 1; k * step <= end; ++k) {
        Statistic survival;
        survival.value = rounded_number(read_survival(arm, k * step / unit), decimals.survival);
        survival.from = from;
        result.milestones.push_back({k * step, {survival}});
    }
    result.at_risk = at_risk_of(figure, arm, from);
    return result;
}

bool contains_any_case(const std::string& text, std::string_view word) {
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

// What a sound reading may be off: docs/digitise.md has the errors of drawn figures.
struct Tolerance {
    double time_share = 0, survival = 0;
};
Tolerance tolerance_of(const DigitisedFigure& figure) {
    return figure.reading.vector ? Tolerance{.002, .002} : Tolerance{.01, .012};
}

void compare_median(const DigitisedFigure& figure, const Arm& arm, const catalogue::ArmResult& result,
                    std::vector<ComparedNumber>& numbers) {
    if (result.median.empty()) return;
    const double unit = months_per_unit(figure);
    const PrintedNumber& printed = result.median.front().value;
    const std::optional<double> read = read_median(arm);
    ComparedNumber one{arm.name, "median, months", cell(printed), Number::missing(Status::not_reached), {}, true};
    if (read) one.read = Number::derived(*read * unit, decimals_of(figure).months);
    if (!printed.is_number()) {
        one.alike = !read;
    } else if (!read) {
        one.alike = arm.ends_at * unit < printed.value + printed.half_unit();
    } else {
        one.difference = *read * unit - printed.value;
        // On a flat stretch of the curve a small error of S moves the median far: S at the published time decides.
        const double axis = figure.reading.panels[figure.reading.panel].time.to * unit;
        const Tolerance tolerance = tolerance_of(figure);
        const double near = std::abs(read_survival(arm, (printed.value - printed.half_unit()) / unit) - .5);
        one.alike = std::abs(*one.difference) <= printed.half_unit() + tolerance.time_share * axis ||
                    near <= tolerance.survival;
    }
    numbers.push_back(std::move(one));
}

void compare_milestones(const DigitisedFigure& figure, const Arm& arm, const catalogue::ArmResult& result,
                        std::vector<ComparedNumber>& numbers) {
    const double unit = months_per_unit(figure);
    const Tolerance tolerance = tolerance_of(figure);
    for (const catalogue::Milestone& milestone : result.milestones) {
        const PrintedNumber& printed = milestone.survival.front().value;
        if (!printed.is_number() || milestone.time_months > arm.ends_at * unit) continue;
        const double axis = figure.reading.panels[figure.reading.panel].time.to, time = milestone.time_months / unit;
        const double read = read_survival(arm, time);
        ComparedNumber one{
            arm.name,
            "S at " + support::shortest(support::rounded_to_digits(milestone.time_months, 4)) + " months",
            cell(printed),
            Number::derived(read, decimals_of(figure).survival),
            read - printed.value,
            true};
        // Between the earliest and latest time that may be meant the curve passes the published value.
        const double shift = tolerance.time_share * axis, slack = printed.half_unit() + tolerance.survival;
        one.alike = printed.value < read_survival(arm, std::max(0.0, time - shift)) + slack &&
                    printed.value > read_survival(arm, time + shift) - slack;
        numbers.push_back(std::move(one));
    }
}

}  // namespace

std::optional<std::string> endpoint_of_title(const std::string& title) {
    if (contains_any_case(title, "progression")) return "PFS";
    if (contains_any_case(title, "overall") || contains_any_case(title, "alive")) return "OS";
    return std::nullopt;
}

catalogue::Trial digitised_record(const DigitisedFigure& figure, const patients::PublishedFigure& published,
                                  const std::string& endpoint) {
    std::vector<patients::DigitisedArm> arms;
    for (const Arm& arm : figure.reading.arms) {
        patients::DigitisedArm named;
        named.name = arm.name;
        arms.push_back(std::move(named));
    }
    const std::string file = figure.file.substr(figure.file.rfind('/') + 1);
    patients::RecordFrame frame = patients::frame_of(published, arms, patients::control_of(published), file, endpoint);
    frame.source.citation = "Read from the figure " + file + " by hersurv digitise, " +
                            (figure.reading.vector ? "from its lines" : "from its pixels");
    catalogue::Trial trial;
    trial.id = frame.trial;
    if (frame.of != nullptr) {
        trial.drug_class = frame.of->drug_class;
        trial.agent = frame.of->agent;
        trial.design = frame.of->design;
        trial.line = frame.of->line;
        trial.population = frame.of->population;
    }
    trial.sources = catalogue::SharedSources({{frame.source.key, frame.source}});
    trial.arms = frame.arms;
    catalogue::Analysis analysis;
    analysis.id = frame.source.key;
    analysis.endpoint = frame.endpoint;
    analysis.label = frame.label;
    catalogue::Provenance from;
    from.source = frame.source.key;
    for (std::size_t i = 0; i < figure.reading.arms.size(); ++i) {
        analysis.arms.push_back(result_of_arm(figure, figure.reading.arms[i], trial.arms[i].id, from));
        if (analysis.arms.back().n_patients)
            trial.arms[i].n_patients = analysis.arms.back().n_patients;
        else
            analysis.arms.back().n_patients = trial.arms[i].n_patients;
    }
    trial.analyses.push_back(std::move(analysis));
    return trial;
}

std::vector<ComparedNumber> compare_published(const DigitisedFigure& figure,
                                              const patients::PublishedFigure& published) {
    std::vector<ComparedNumber> numbers;
    for (std::size_t i = 0; i < published.results.size() && i < figure.reading.arms.size(); ++i) {
        if (published.results[i] == nullptr) continue;
        compare_median(figure, figure.reading.arms[i], *published.results[i], numbers);
        compare_milestones(figure, figure.reading.arms[i], *published.results[i], numbers);
    }
    return numbers;
}

Section comparison_section(const patients::PublishedFigure& published, const std::vector<ComparedNumber>& numbers) {
    static const render::Columns<ComparedNumber> columns = {
        {render::human("Arm"), [](const ComparedNumber& one) { return one.arm; }},
        {render::human("Statistic"), [](const ComparedNumber& one) { return one.statistic; }},
        {render::human("Published", true), [](const ComparedNumber& one) { return one.published; }},
        {render::human("Read", true), [](const ComparedNumber& one) { return one.read; }},
        {render::human("Agrees"), [](const ComparedNumber& one) { return std::string(one.alike ? "yes" : "no"); }},
    };
    Section section;
    section.heading = "Compared with " + published.trial->id + " " + published.analysis->id;
    Table table;
    columns.fill(table, numbers);
    section.table = std::move(table);
    section.notes = unlike_numbers(numbers);
    return section;
}

std::vector<std::string> unlike_numbers(const std::vector<ComparedNumber>& numbers) {
    std::vector<std::string> unlike;
    for (const ComparedNumber& one : numbers)
        if (!one.alike)
            unlike.push_back(one.arm + ": " + one.statistic +
                             " differs from the published value: check that the figure is of this analysis");
    return unlike;
}

}  // namespace hersurv::report
