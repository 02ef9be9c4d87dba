// `show`: the record of a trial with every number, source and note, exactly as it was published.
#include "hersurv/catalogue/reader.hpp"
#include "hersurv/cli/selection.hpp"
#include "hersurv/support/number_text.hpp"

#include "commands_private.hpp"
#include "options.hpp"
#include <algorithm>
#include <cmath>
#include <set>

namespace hersurv::cli {
namespace {

using catalogue::Analysis;
using catalogue::PrintedNumber;
using catalogue::Provenance;
using catalogue::Statistic;
using catalogue::Trial;
using report::Audience;
using report::Cell;
using report::Number;

Number number_of(const PrintedNumber& printed) {
    switch (printed.kind) {
        case PrintedNumber::Kind::not_reached:
            return Number::missing(report::Status::not_reached);
        case PrintedNumber::Kind::not_estimable:
            return Number::missing(report::Status::not_estimable);
        case PrintedNumber::Kind::number:
            break;
    }
    return Number::reported(printed.value, printed.decimals);
}

std::optional<Number> number_of(const std::optional<PrintedNumber>& printed) {
    return printed ? std::optional(number_of(*printed)) : std::nullopt;
}

std::string_view sign(catalogue::Relation relation) {
    switch (relation) {
        case catalogue::Relation::less:
            return "<";
        case catalogue::Relation::less_equal:
            return "<=";
        case catalogue::Relation::greater:
            return ">";
        case catalogue::Relation::greater_equal:
            return ">=";
        case catalogue::Relation::equal:
            break;
    }
    return "=";
}

// One published number, for both audiences.
struct Published {
    std::string analysis, endpoint, population;
    std::string arm;        // id, of a hazard ratio the experimental one
    std::string arm_shown;  // "pertuzumab v placebo"
    std::string statistic;  // "milestone_96"
    std::string title;      // "S(96 months), %"
    std::string unit;       // "months", "proportion", …
    std::string_view relation = "=";
    Number value;
    std::optional<Number> lower, upper;
    std::optional<double> level;  // of the limits
    Provenance from;
    std::string remark;      // what belongs to the number and has no column
    bool as_of_arm = false;  // repeats the number of the arm: not shown to people again
};

constexpr double usual_level = 0.95;

std::string percent_text(double proportion) { return support::significant(100 * proportion, 3); }

// Proportions are shown to people as percentages.
Number for_people(Number number, const std::string& unit) {
    if (unit == "proportion") {
        number.percent = true;
        number.decimals = std::max(0, number.decimals - 2);
    }
    return number;
}

// Counts have no decimals that --digits could ask for.
bool is_count(const Published& published) {
    constexpr std::string_view counted[] = {"patients", "events", "studies"};
    const auto& value = published.value.value;
    return value && *value == std::floor(*value) && std::abs(*value) < 1e15 && !published.lower && !published.upper &&
           std::ranges::find(counted, published.unit) != std::end(counted);
}

Cell value_cell(const Published& published) {
    if (is_count(published)) return static_cast<long>(*published.value.value);
    if (published.relation != "=" && published.value.value) {
        return std::string(published.relation) + " " + support::fixed(*published.value.value, published.value.decimals);
    }
    report::Interval interval{for_people(published.value, published.unit), std::nullopt, std::nullopt};
    if (published.lower) interval.lower = for_people(*published.lower, published.unit);
    if (published.upper) interval.upper = for_people(*published.upper, published.unit);
    return interval;
}

std::string status_word(const std::optional<Number>& number) {
    return std::string(report::word(number ? number->status : report::Status::not_reported));
}

Cell line_cell(const Provenance& from) { return from.line ? Cell(static_cast<long>(*from.line)) : Cell(); }

std::vector<report::Column> machine_columns() {
    const auto column = [](const char* key) { return report::Column{key, key}; };
    return {column("trial"),     column("analysis"),     column("endpoint"),     column("arm"),
            column("statistic"), column("value"),        column("lower"),        column("upper"),
            column("status"),    column("lower_status"), column("upper_status"), column("level"),
            column("source"),    column("line"),         column("note"),         column("population"),
            column("unit"),      column("relation"),     column("approximate")};
}

std::vector<Cell> machine_row(const Trial& trial, const Published& published) {
    const Cell level = published.level && (published.lower || published.upper)
                           ? Cell(Number::reported(*published.level, support::decimals_of(*published.level)))
                           : Cell();
    const auto limit = [](const std::optional<Number>& number) {
        return number.value_or(Number::missing(report::Status::not_reported));
    };
    std::string note = published.from.note;
    if (!published.remark.empty()) note += (note.empty() ? "" : "; ") + published.remark;
    return {trial.id,
            published.analysis,
            published.endpoint,
            published.arm,
            published.statistic,
            published.value,
            limit(published.lower),
            limit(published.upper),
            status_word(published.value),
            status_word(published.lower),
            status_word(published.upper),
            level,
            published.from.source,
            line_cell(published.from),
            note,
            published.population,
            published.unit,
            std::string(published.relation),
            published.from.approximate};
}

// The numbers of one trial, as far as the selection takes them.
class Numbers {
  public:
    Numbers(const Trial& trial, const Selection& selection) : trial_(trial), selection_(selection) {}

    std::vector<Published> of_arms() const {
        std::vector<Published> numbers;
        for (const catalogue::Arm& arm : trial_.arms) {
            if (!arm.n_patients || !selection_.takes_arm(arm.id)) continue;
            numbers.push_back(count("n", "Patients", "patients", *arm.n_patients));
            numbers.back().arm = numbers.back().arm_shown = arm.id;
        }
        return numbers;
    }

    std::vector<Published> of_analysis(const Analysis& analysis) const {
        std::vector<Published> numbers;
        if (selection_.arm.empty()) {
            add(numbers, analysis.events, "", "events", "Events", "events");
            add(numbers, analysis.crossover, "", "crossover", "Crossover, %", "proportion");
        }
        for (const catalogue::ArmResult& result : analysis.arms) {
            if (selection_.takes_arm(result.arm)) of_arm(numbers, result);
        }
        for (const catalogue::Contrast& contrast : analysis.contrasts) {
            if (selection_.takes_arm(contrast.experimental) || selection_.takes_arm(contrast.control))
                of_contrast(numbers, contrast);
        }
        for (const catalogue::Measure& measure : analysis.measures) of_measure(numbers, measure);
        for (Published& number : numbers) {
            number.analysis = analysis.id;
            number.endpoint = analysis.endpoint;
            if (number.population.empty()) number.population = analysis.population;
        }
        return numbers;
    }

    std::vector<Published> of_responses() const {
        std::vector<Published> numbers;
        for (const catalogue::Response& response : trial_.responses) {
            if (!selection_.endpoint.empty() && !catalogue::glob_match(selection_.endpoint, response.endpoint))
                continue;
            if (!selection_.arm.empty() && !selection_.takes_arm(response.arm)) continue;
            Published number;
            number.analysis = response.analysis;
            number.endpoint = response.endpoint;
            number.population = response.population;
            number.arm = number.arm_shown = response.arm;
            number.from = response.from;
            number.remark = joined(not_empty({response.criterion, response.assessed_by}));

            Published rate = number;
            rate.statistic = "rate";
            rate.title = response.endpoint + ", %";
            rate.unit = "proportion";
            rate.value = number_of(response.rate);
            rate.lower = number_of(response.lower);
            rate.upper = number_of(response.upper);
            rate.level = response.level;
            numbers.push_back(rate);
            const auto part = [&](const char* statistic, const char* title, const std::optional<int>& value) {
                if (!value) return;
                Published one = number;
                one.statistic = statistic;
                one.title = response.endpoint + ", " + title;
                one.unit = "patients";
                one.value = Number::reported(*value, 0);
                numbers.push_back(std::move(one));
            };
            part("responders", "responders", response.responders);
            part("evaluable", "evaluable", response.evaluable);
        }
        return numbers;
    }

    std::vector<Published> of_measures() const {
        std::vector<Published> numbers;
        for (const catalogue::Measure& measure : trial_.measures) of_measure(numbers, measure);
        return numbers;
    }

    static std::vector<std::string> not_empty(std::vector<std::string> texts) {
        std::erase_if(texts, [](const std::string& text) { return text.empty(); });
        return texts;
    }

  private:
    static Published count(const char* statistic, const char* title, const char* unit, int value) {
        Published number;
        number.statistic = statistic;
        number.title = title;
        number.unit = unit;
        number.value = Number::reported(value, 0);
        return number;
    }

    static void add(std::vector<Published>& numbers, const catalogue::Statistics& statistics, const std::string& arm,
                    const std::string& name, const std::string& title, const std::string& unit) {
        for (const Statistic& statistic : statistics) {
            Published number;
            number.arm = number.arm_shown = arm;
            number.statistic = name;
            number.title = title;
            number.unit = unit;
            number.value = number_of(statistic.value);
            number.lower = number_of(statistic.lower);
            number.upper = number_of(statistic.upper);
            number.level = statistic.level;
            number.from = statistic.from;
            std::vector<std::string> remarks;
            if (statistic.stratified) remarks.emplace_back(*statistic.stratified ? "stratified" : "unstratified");
            if (statistic.adjusted) remarks.emplace_back(*statistic.adjusted ? "adjusted" : "unadjusted");
            number.remark = joined(remarks);
            numbers.push_back(std::move(number));
        }
    }

    void of_arm(std::vector<Published>& numbers, const catalogue::ArmResult& result) const {
        if (result.n_patients) {
            numbers.push_back(count("n", "Patients", "patients", *result.n_patients));
            numbers.back().arm = numbers.back().arm_shown = result.arm;
            const catalogue::Arm* const arm = trial_.find_arm(result.arm);
            numbers.back().as_of_arm = arm != nullptr && arm->n_patients == result.n_patients;
        }
        add(numbers, result.events, result.arm, "events", "Events", "events");
        add(numbers, result.median, result.arm, "median", "Median, months", "months");
        for (const catalogue::Milestone& milestone : result.milestones) {
            const std::string time = support::shortest(milestone.time_months);
            add(numbers, milestone.survival, result.arm, "milestone_" + time, "S(" + time + " months), %",
                "proportion");
        }
        for (const catalogue::FollowUp& follow_up : result.follow_up) {
            Published number;
            number.arm = number.arm_shown = result.arm;
            number.statistic = "follow_up";
            number.title = "Follow-up, months";
            number.unit = "months";
            number.value = number_of(follow_up.median_months);
            number.from = follow_up.from;
            const auto spread = [&](const char* name, const std::optional<std::pair<double, double>>& pair) {
                if (!pair) return;
                number.remark += (number.remark.empty() ? "" : ", ") + std::string(name) + " " +
                                 support::shortest(pair->first) + " to " + support::shortest(pair->second);
            };
            spread("range", follow_up.range_months);
            spread("quartiles", follow_up.quartiles_months);
            numbers.push_back(std::move(number));
        }
    }

    static void of_contrast(std::vector<Published>& numbers, const catalogue::Contrast& contrast) {
        const std::size_t first = numbers.size();
        add(numbers, contrast.hazard_ratio, contrast.experimental, "hazard_ratio", "Hazard ratio", "ratio");
        for (const catalogue::PValue& p_value : contrast.p_values) {
            Published number;
            number.arm = contrast.experimental;
            number.statistic = "p_value";
            number.title = "P";
            number.relation = sign(p_value.relation);
            number.value = number_of(p_value.value);
            number.from = p_value.from;
            number.remark = p_value.test;
            numbers.push_back(std::move(number));
        }
        for (std::size_t i = first; i < numbers.size(); ++i) {
            numbers[i].arm_shown = contrast.experimental + " v " + contrast.control;
        }
    }

    void of_measure(std::vector<Published>& numbers, const catalogue::Measure& measure) const {
        if (!selection_.arm.empty() && (measure.arm.empty() || !selection_.takes_arm(measure.arm))) return;
        Published number;
        number.arm = number.arm_shown = measure.arm;
        number.population = measure.population;
        number.statistic = "measure:" + measure.name;
        const bool unit_said = measure.name.find(measure.unit) != std::string::npos;  // "patients, both arms"
        number.title = measure.name + (measure.unit == "proportion" ? ", %" : unit_said ? "" : ", " + measure.unit);
        number.unit = measure.unit;
        number.value = number_of(measure.value);
        number.lower = number_of(measure.lower);
        number.upper = number_of(measure.upper);
        number.level = measure.level;
        number.from = measure.from;
        if (measure.time_months) number.remark = "at " + support::shortest(*measure.time_months) + " months";
        numbers.push_back(std::move(number));
    }

    const Trial& trial_;
    const Selection& selection_;
};

// "Label: text" for what is not empty.
void add_fact(std::vector<std::string>& facts, const std::string& label, const std::string& text) {
    if (!text.empty()) facts.push_back(label + ": " + text);
}

std::string place_text(const std::string& source, const std::optional<int>& line) {
    if (source.empty()) return "";
    return source + (line ? ", line " + std::to_string(*line) : "");
}

// The numbers as a table for people, with what the numbers carry as a list below it, the same remark once.
void set_table(report::Section& section, const std::vector<Published>& numbers, bool with_population) {
    report::Table table;
    table.columns = {{"arm", "Arm"}, {"statistic", "Statistic"}};
    if (with_population) table.columns.push_back({"population", "Population"});
    table.columns.push_back({"value", "Value (95 % CI)", Audience::both, true});
    table.columns.push_back({"source", "Source"});
    table.columns.push_back({"line", "Line", Audience::both, true});
    std::vector<std::pair<std::string, std::string>> by_remark;  // remark, labels of its numbers
    for (const Published& number : numbers) {
        if (number.as_of_arm) continue;
        std::vector<Cell> row{number.arm_shown, number.title};
        if (with_population) row.emplace_back(number.population);
        row.push_back(value_cell(number));
        row.emplace_back(number.from.source);
        row.push_back(line_cell(number.from));
        table.rows.push_back(std::move(row));

        std::vector<std::string> remarks;
        if (number.from.approximate) remarks.emplace_back("the source says \"about\"");
        if (number.level && (number.lower || number.upper) && *number.level != usual_level) {
            remarks.push_back("limits are of level " + percent_text(*number.level) + " %");
        }
        remarks.push_back(number.remark);
        remarks.push_back(number.from.note);
        const std::string said = joined(Numbers::not_empty(remarks), "; ");
        if (said.empty()) continue;
        const std::string label = (number.arm_shown.empty() ? "" : number.arm_shown + ", ") + number.title;
        const auto same = std::ranges::find(by_remark, said, &std::pair<std::string, std::string>::first);
        if (same == by_remark.end()) {
            by_remark.emplace_back(said, label);
        } else if (same->second.find(label) == std::string::npos) {
            same->second += "; " + label;
        }
    }
    for (const auto& [said, labels] : by_remark) section.notes.push_back(labels + ": " + said);
    section.table = std::move(table);
}

std::string source_text(const catalogue::Source& source) {
    std::string text = source.key + ": " + source.citation;
    if (!source.doi.empty()) text += "; doi:" + source.doi;
    if (!source.pmid.empty()) text += "; PMID " + source.pmid;
    if (!source.nct.empty()) text += "; " + source.nct;
    if (!source.url.empty()) text += "; " + source.url;
    if (!source.kind.empty()) text += " (" + source.kind + ")";
    return text + (source.note.empty() ? "" : "; " + source.note);
}

class Show : public Command {
  public:
    void setup(OptionTable& options) override { selection_.setup(options, true); }

    Answer run(Context& context) override {
        if (context.global.format == "json") return {document(context), support::ExitCode::ok};
        const Selected selected = select(selection_, context, Unnamed::everything);
        report::Report report;
        report.table.name = "numbers";
        report.table.columns = machine_columns();
        for (const Trial* trial : selected.trials) add_trial(report, *trial, selected);
        if (selected.trials.empty()) report.sections.push_back({"", {"No trial is selected."}, std::nullopt, {}});
        return {std::move(report), support::ExitCode::ok};
    }

  private:
    report::Report document(Context& context) const {
        if (selection_.filters()) {
            throw support::UsageError(
                "show --format json prints whole records; leave --endpoint, --analysis and --arm out or take another "
                "format");
        }
        report::Report report;
        if (selection_.trials.empty()) {
            report.document = catalogue::to_document(context.library.all());
            return report;
        }
        const std::vector<const Trial*> trials = select_trials(selection_.trials, context);
        if (trials.size() == 1) {
            report.document = catalogue::to_document(*trials.front());
            return report;
        }
        catalogue::Catalogue chosen;
        for (const Trial* trial : trials) {
            chosen.trials.push_back(*trial);
            chosen.sources.insert(trial->sources.begin(), trial->sources.end());
        }
        report.document = catalogue::to_document(chosen);
        return report;
    }

    // Keys of the trial's own sources that its record names.
    static std::set<std::string> sources_used(const Trial& trial) {
        std::set<std::string> keys;
        const auto note = [&](const Provenance& from) {
            if (trial.sources.contains(from.source)) keys.insert(from.source);
        };
        const Selection everything;
        const Numbers numbers(trial, everything);
        std::vector<Published> all = numbers.of_responses();
        const auto append = [&](std::vector<Published> more) { all.insert(all.end(), more.begin(), more.end()); };
        append(numbers.of_measures());
        for (const Analysis& analysis : trial.analyses) append(numbers.of_analysis(analysis));
        for (const Published& number : all) note(number.from);
        for (const catalogue::Claim& claim : trial.claims) note(claim.from);
        for (const catalogue::Note& one : trial.notes) note(one.from);
        return keys;
    }

    void add_trial(report::Report& report, const Trial& trial, const Selected& selected) const {
        const Numbers numbers(trial, selection_);
        std::vector<Published> all;
        const auto keep = [&](const std::vector<Published>& some) { all.insert(all.end(), some.begin(), some.end()); };
        const bool whole = selection_.endpoint.empty() && selection_.analysis.empty();

        report.sections.push_back(head(trial));
        if (whole) keep(numbers.of_arms());
        bool any_analysis = false;
        for (const SelectedAnalysis& one : selected.analyses) {
            if (one.trial != &trial) continue;
            any_analysis = true;
            const std::vector<Published> some = numbers.of_analysis(*one.analysis);
            report.sections.push_back(analysis_section(trial, *one.analysis, some));
            keep(some);
        }
        if (whole && trial.analyses.empty()) {
            report.sections.back().paragraphs.emplace_back("The catalogue has no survival numbers of this study.");
        }
        if (selection_.analysis.empty())
            add_numbers(report, trial.id + ": response rates", numbers.of_responses(), keep);
        if (whole) {
            add_numbers(report, trial.id + ": measures", numbers.of_measures(), keep);
            if (selection_.arm.empty()) add_remarks(report, trial);
        }
        if (!any_analysis && all.empty() && !whole) {  // the filters took nothing of this trial
            report.sections.pop_back();
            return;
        }
        add_sources(report, trial, all, whole && selection_.arm.empty());
        for (const Published& number : all) report.table.rows.push_back(machine_row(trial, number));
    }

    static report::Section head(const Trial& trial) {
        report::Section section;
        section.heading = trial.id;
        std::vector<std::string> facts;
        add_fact(facts, "Also known as", joined(trial.aliases));
        add_fact(facts, "Class", trial.drug_class);
        add_fact(facts, "Agent", trial.agent);
        add_fact(facts, "Design", trial.design);
        add_fact(facts, "Phase", trial.phase);
        add_fact(facts, "Line", trial.line);
        add_fact(facts, "Year", trial.year ? std::to_string(*trial.year) : "");
        if (!facts.empty()) section.paragraphs.push_back(joined(facts, ". ") + ".");
        if (!trial.population.empty()) section.paragraphs.push_back("Population: " + trial.population + ".");
        if (trial.arms.empty()) return section;
        report::Table table;
        table.columns = {{"arm", "Arm"},
                         {"name", "Name"},
                         {"role", "Role"},
                         {"regimen", "Regimen"},
                         {"n", "Patients", Audience::both, true}};
        for (const catalogue::Arm& arm : trial.arms) {
            Cell patients = Number::missing(report::Status::not_reported);
            if (arm.n_patients) patients = static_cast<long>(*arm.n_patients);
            table.rows.push_back({arm.id, arm.name, arm.role, arm.regimen, patients});
        }
        section.table = std::move(table);
        return section;
    }

    static report::Section analysis_section(const Trial& trial, const Analysis& analysis,
                                            const std::vector<Published>& numbers) {
        report::Section section;
        section.heading = trial.id + " " + analysis.id + ": " + analysis.endpoint +
                          (analysis.label.empty() ? "" : ", " + analysis.label) +
                          (analysis.is_default ? " (default)" : "");
        std::vector<std::string> facts;
        add_fact(facts, "Population", analysis.population);
        add_fact(facts, "Data cutoff", analysis.data_cutoff);
        add_fact(facts, "Assessed by", analysis.assessed_by);
        if (analysis.assessment_interval_weeks) {
            facts.push_back("Assessed every " + support::shortest(*analysis.assessment_interval_weeks) + " weeks");
        }
        if (!facts.empty()) section.paragraphs.push_back(joined(facts, ". ") + ".");
        if (std::ranges::all_of(numbers, &Published::as_of_arm)) {
            section.paragraphs.emplace_back("No number is reported.");
        } else {
            set_table(section, numbers, false);
        }
        return section;
    }

    template <class Keep>
    static void add_numbers(report::Report& report, const std::string& heading, const std::vector<Published>& numbers,
                            const Keep& keep) {
        if (numbers.empty()) return;
        report::Section section;
        section.heading = heading;
        set_table(section, numbers, true);
        report.sections.push_back(std::move(section));
        keep(numbers);
    }

    // What the sources say about the numbers, and notes on them.
    static void add_remarks(report::Report& report, const Trial& trial) {
        report::Section claims, notes;
        claims.heading = trial.id + ": claims";
        notes.heading = trial.id + ": notes";
        for (const catalogue::Claim& claim : trial.claims) {
            std::string text = claim.id + " (" + claim.kind + ")";
            if (!claim.text.empty()) text += ": " + claim.text;
            if (claim.value) {
                const Number value = number_of(*claim.value);
                text += "; " + (claim.kind == "exceeds" ? std::string(sign(claim.relation)) : std::string("value")) +
                        " " +
                        (value.value ? support::fixed(*value.value, value.decimals)
                                     : std::string(report::word(value.status))) +
                        (claim.unit.empty() ? "" : " " + claim.unit);
            }
            if (!claim.direction.empty()) text += "; " + claim.direction;
            claims.notes.push_back(with_place(text, claim.from));
        }
        for (const catalogue::Note& note : trial.notes) {
            notes.notes.push_back(with_place(note.kind + ": " + note.text, note.from));
        }
        for (report::Section* section : {&claims, &notes}) {
            if (!section->notes.empty()) report.sections.push_back(std::move(*section));
        }
    }

    static std::string with_place(const std::string& text, const Provenance& from) {
        const std::string place = place_text(from.source, from.line);
        return text + (place.empty() ? "" : " [" + place + "]");
    }

    static void add_sources(report::Report& report, const Trial& trial, const std::vector<Published>& numbers,
                            bool whole) {
        std::set<std::string> keys;
        if (whole) {
            keys = sources_used(trial);
        } else {
            for (const Published& number : numbers) keys.insert(number.from.source);
        }
        report::Section section;
        section.heading = trial.id + ": sources";
        for (const std::string& key : keys) {
            const auto source = trial.sources.find(key);
            if (source != trial.sources.end()) section.notes.push_back(source_text(source->second));
        }
        if (!section.notes.empty()) report.sections.push_back(std::move(section));
    }

    Selection selection_;
};

}  // namespace

std::unique_ptr<Command> make_show() { return std::make_unique<Show>(); }

}  // namespace hersurv::cli
