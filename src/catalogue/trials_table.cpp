// Each cell is read as a typed number is, so that a table may hold what a paper reports; the document is then read as
// any other, which has the ranges and names.
#include "catalogue/trials_table.hpp"

#include "catalogue/text.hpp"
#include "catalogue/trials_cells.hpp"
#include "catalogue/trials_columns.hpp"
#include "catalogue/typed_arm.hpp"
#include "catalogue/typed_statistic.hpp"
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Fault;
using support::Json;

struct ArmDraft {
    std::string id, role;
    std::optional<Json> n;
};

struct ContrastDraft {
    std::string arm;
    Json::Object members;
};

struct AnalysisDraft {
    std::string key, id, endpoint, population;
    std::vector<std::pair<std::string, Json::Object>> arms;
    std::vector<ContrastDraft> contrasts;
};

struct TrialDraft {
    std::string id, year;
    std::vector<ArmDraft> arms;
    std::vector<AnalysisDraft> analyses;
};

// The element of this name in any case, made if there is none; and its position.
template <class Draft, class Name>
std::size_t place_of(std::vector<Draft>& drafts, const std::string& name, Name Draft::*member) {
    const auto found =
        std::ranges::find_if(drafts, [&](const Draft& draft) { return folded(draft.*member) == folded(name); });
    if (found != drafts.end()) return static_cast<std::size_t>(found - drafts.begin());
    drafts.emplace_back();
    drafts.back().*member = name;
    return drafts.size() - 1;
}

// NA is what R writes for an empty cell.
bool is_missing(const std::string& text) {
    return text.empty() || text == "NA" || text == "-" || text == "." || text == "\xE2\x80\x93" ||
           text == "\xE2\x80\x94";
}

bool is_reference(const std::string& text) {
    const std::string lower = folded(text);
    return lower == "ref" || lower == "reference" || lower == "1 (ref)" || lower == "1 (reference)" ||
           lower == "1.00 (ref)" || lower == "1.00 (reference)";
}

class TableReader {
  public:
    TableReader(TrialsCells cells, std::string file)
        : cells_(std::move(cells)), columns_(cells_.header, file), file_(std::move(file)) {}

    TrialsDocument read() {
        made_.faults = columns_.faults();
        settle_decimal_mark();
        for (const auto& row : cells_.rows) {
            row_ = &row;
            read_row();
        }
        made_.document = document();
        return std::move(made_);
    }

  private:
    // One mark holds for the whole table; names may have commas of their own.
    void settle_decimal_mark() {
        std::vector<bool> names(cells_.header.size(), false);
        for (const std::string_view column : {"trial", "endpoint", "arm", "role", "analysis", "population", "year"})
            if (const auto index = columns_.find(column)) names[*index] = true;
        for (const auto& row : cells_.rows)
            for (std::size_t i = 0; i < row.size(); ++i)
                if (!names[i]) marks_.look_at(row[i].text);
    }

    [[nodiscard]] const TrialsCell* cell(std::string_view column) const {
        const auto index = columns_.find(column);
        return index ? &(*row_)[*index] : nullptr;
    }
    // Empty if the column is not there or has nothing in this row.
    [[nodiscard]] std::string text(std::string_view column) const {
        const TrialsCell* found = cell(column);
        return found == nullptr || is_missing(found->text) ? "" : found->text;
    }

    void fault(const TrialsCell& at, const std::string& problem, const std::string& remedy) {
        made_.faults.push_back(Fault{file_, "", problem, remedy, at.line, at.column});
    }
    void place(const std::string& pointer, const TrialsCell& at) {
        made_.places.emplace(pointer, support::TextPosition{at.line, at.column});
    }

    // Reads the cell of a column, if there is anything in it, as typed text; its faults are those of the cell.
    void with_cell(std::string_view column,
                   const std::function<void(TypedScanner& scanner, Spots& spots, const TrialsCell& at)>& work) {
        const std::string typed = text(column);
        if (typed.empty()) return;
        const TrialsCell& at = *cell(column);
        Spots spots;
        try {
            TypedScanner scanner(std::string(column), marks_.with_points(typed));
            work(scanner, spots, at);
            scanner.refuse_rest();
        } catch (const support::UsageError& error) {
            fault(at, error.what(), "");
        }
        for (const auto& [pointer, spot] : spots) place(pointer, at);
    }

    void read_row() {
        const std::string trial_name = text("trial"), endpoint = text("endpoint"), arm = text("arm");
        for (const std::string_view needed : {"trial", "endpoint", "arm"}) {
            if (!text(needed).empty()) continue;
            return fault(*cell(needed), "the " + std::string(needed) + " is missing", "name it in every row");
        }
        const std::size_t t = place_of(trials_, trial_name, &TrialDraft::id);
        TrialDraft& trial = trials_[t];
        const std::string trial_pointer = support::pointer_append(std::string("/trials"), t);
        place(trial_pointer, *cell("trial"));
        if (trial.year.empty()) trial.year = text("year");
        if (!text("year").empty()) place(trial_pointer + "/year", *cell("year"));
        arm_ = place_of(trial.arms, arm, &ArmDraft::id);
        arm_pointer_ = support::pointer_append(trial_pointer + "/arms", arm_);
        place(arm_pointer_, *cell("arm"));
        if (trial.arms[arm_].role.empty()) trial.arms[arm_].role = folded(text("role"));
        if (!text("role").empty()) place(arm_pointer_ + "/role", *cell("role"));

        const std::string id = text("analysis").empty() ? folded(endpoint) : text("analysis");
        const std::size_t a = place_of(trial.analyses, id, &AnalysisDraft::id);
        AnalysisDraft& analysis = trial.analyses[a];
        if (analysis.endpoint.empty()) analysis.endpoint = endpoint;
        if (analysis.population.empty()) analysis.population = text("population");
        if (folded(analysis.endpoint) != folded(endpoint))
            return fault(*cell("endpoint"), "the analysis \"" + id + "\" is of " + analysis.endpoint + " above",
                         "give each endpoint its own analysis");
        analysis_pointer_ = support::pointer_append(trial_pointer + "/analyses", a);
        place(analysis_pointer_, *cell("endpoint"));
        const auto taken =
            std::ranges::find_if(analysis.arms, [&](const auto& one) { return folded(one.first) == folded(arm); });
        if (taken != analysis.arms.end())
            return fault(*cell("arm"), "a second row of arm \"" + arm + "\" of " + trial_name + ", " + id,
                         "give each arm one row per endpoint; a column \"analysis\" distinguishes several analyses");
        read_result(trial, analysis);
    }

    void read_result(TrialDraft& trial, AnalysisDraft& analysis) {
        const std::string& arm = trial.arms[arm_].id;
        const std::string pointer = support::pointer_append(analysis_pointer_ + "/arms", arm);
        place(pointer, *cell("arm"));
        Json::Object result;
        std::optional<TypedNumber> patients;
        with_cell("n", [&](TypedScanner& scanner, Spots&, const TrialsCell& at) {
            patients = whole_number(scanner);
            (void)scanner.take_any_phrase({"patients", "participants", "pts"});
            take_patients(*patients, trial.arms[arm_].n, analysis, pointer, result, at);
        });
        with_cell("events", [&](TypedScanner& scanner, Spots&, const TrialsCell& at) {
            const TypedEvents typed = read_typed_events(scanner);
            if (typed.patients && patients && typed.patients->value() != patients->value())
                scanner.fail(typed.patients->offset, "n is " + patients->digits + " in this row");
            if (typed.patients && !patients) {
                patients = typed.patients;
                take_patients(*patients, trial.arms[arm_].n, analysis, pointer, result, at);
            }
            if (patients) check_typed_share(typed, *patients, scanner);
            result.emplace_back("events", Json::Object{{"value", typed.events.json()}});
            place(pointer + "/events", at);
        });
        statistic("median", "lower", "upper", "level", Sort::time, Beside::nothing, pointer + "/median",
                  [&](const Json::Object& object, const TypedStatistic&) { result.emplace_back("median", object); });
        with_cell("follow_up", [&](TypedScanner& scanner, Spots& spots, const TrialsCell&) {
            result.emplace_back("follow_up", read_typed_follow_up(scanner, pointer + "/follow_up", spots));
        });
        milestones(pointer + "/milestones", result);
        contrast(analysis, arm);
        analysis.arms.emplace_back(arm, std::move(result));
    }

    static TypedNumber whole_number(TypedScanner& scanner) {
        TypedNumber number = scanner.number(Sort::count);
        if (!number.word.empty() || number.percent) scanner.fail(number.offset, "write a whole number");
        return number;
    }

    // The patients of the whole arm are those of all its analyses that name no population.
    void take_patients(const TypedNumber& patients, std::optional<Json>& of_arm, const AnalysisDraft& analysis,
                       const std::string& pointer, Json::Object& result, const TrialsCell& at) {
        const Json n = patients.json();
        if (!of_arm && analysis.population.empty()) of_arm = n;
        if (analysis.population.empty() && folded(analysis.endpoint) != "dor" && *of_arm == n)
            return place(arm_pointer_ + "/n", at);
        result.emplace_back("n", n);
        place(pointer + "/n", at);
    }

    // A statistic with its limits, which are after it or in columns of their own.
    void statistic(std::string_view column, std::string_view lower, std::string_view upper, std::string_view level,
                   Sort sort, Beside beside, const std::string& pointer,
                   const std::function<void(const Json::Object& object, const TypedStatistic& typed)>& take) {
        with_cell(column, [&](TypedScanner& scanner, Spots& spots, const TrialsCell&) {
            TypedStatistic typed = beside == Beside::p_value ? read_typed_hazard_ratio(scanner)
                                                             : read_typed_statistic(scanner, sort, beside);
            refuse_percent(scanner, typed, sort, beside);
            limit(lower, sort, typed, typed.lower, pointer + "/lower");
            limit(upper, sort, typed, typed.upper, pointer + "/upper");
            with_cell(level, [&](TypedScanner& of_level, Spots&, const TrialsCell& at) {
                TypedNumber number = of_level.number();
                // 95 is 95%.
                number.percent = number.percent || number.value() > 1;
                if (!typed.level) typed.level = number.value();
                place(pointer + "/level", at);
            });
            take(statistic_json(typed, pointer, scanner, spots), typed);
        });
        if (text(column).empty())
            for (const std::string_view alone : {lower, upper})
                if (!text(alone).empty())
                    fault(*cell(alone), "one confidence limit without the " + std::string(column),
                          "give both or neither");
    }

    // Only S(t) may be in percent.
    static void refuse_percent(const TypedScanner& scanner, const TypedStatistic& typed, Sort sort, Beside beside) {
        if (sort != Sort::time && beside != Beside::p_value) return;
        for (const std::optional<TypedNumber>& part : {std::optional(typed.value), typed.lower, typed.upper})
            if (part && part->percent) scanner.fail(part->offset, "this value is not in percent");
    }

    void limit(std::string_view column, Sort sort, const TypedStatistic& statistic, std::optional<TypedNumber>& limit,
               const std::string& pointer) {
        with_cell(column, [&](TypedScanner& scanner, Spots&, const TrialsCell& at) {
            TypedNumber number = scanner.number(sort);
            if (limit) scanner.fail(0, "the confidence limits are already given with the value");
            if (number.unit && *number.unit != statistic.unit)
                scanner.fail(0, "the confidence limit and its value have different units");
            // A limit of a percentage is one, with the sign or without.
            if (number.percent && !statistic.value.percent && statistic.value.word.empty())
                scanner.fail(0, "the limit is in percent, but its value is not");
            number.percent = number.word.empty() && (number.percent || statistic.value.percent);
            if (number.percent && sort == Sort::time) scanner.fail(0, "this value is not in percent");
            limit = number;
            place(pointer, at);
        });
    }

    void milestones(const std::string& pointer, Json::Object& result) {
        Json::Array milestones;
        for (const SurvivalColumn& survival : columns_.survival()) {
            const std::string at = support::pointer_append(pointer, milestones.size());
            statistic(survival.name, survival.lower, survival.upper, "", Sort::plain, Beside::nothing, at,
                      [&](const Json::Object& object, const TypedStatistic&) {
                          Json::Object milestone{{"time", survival.time.json()}};
                          if (survival.time.unit && *survival.time.unit != TimeUnit::months)
                              milestone.emplace_back("unit", std::string(to_string(*survival.time.unit)));
                          for (const auto& [key, value] : object)
                              milestone.emplace_back(key == "value" ? "survival" : key, value);
                          place(at + "/survival", *cell(survival.name));
                          milestones.emplace_back(std::move(milestone));
                      });
        }
        if (!milestones.empty()) result.emplace_back("milestones", std::move(milestones));
    }

    // The hazard ratio and the p-value of this arm against the control.
    void contrast(AnalysisDraft& analysis, const std::string& arm) {
        if (is_reference(text("hr"))) {
            ArmDraft& draft = trials_[place_of(trials_, text("trial"), &TrialDraft::id)].arms[arm_];
            if (draft.role.empty()) draft.role = "control";
            return;
        }
        const std::string pointer =
            support::pointer_append(analysis_pointer_ + "/contrasts", analysis.contrasts.size());
        ContrastDraft made{arm, {}};
        Json p_value;
        statistic("hr", "hr_lower", "hr_upper", "hr_level", Sort::plain, Beside::p_value, pointer + "/hazard_ratio",
                  [&](const Json::Object& object, const TypedStatistic& typed) {
                      made.members.emplace_back("hazard_ratio", object);
                      if (!typed.p) return;
                      Spots ignored;
                      p_value = p_value_json(*typed.p, pointer + "/p_value", TypedScanner("hr", ""), ignored);
                      place(pointer + "/p_value", *cell("hr"));
                  });
        with_cell("p", [&](TypedScanner& scanner, Spots& spots, const TrialsCell& at) {
            Json typed = p_value_json(read_typed_p_value(scanner), pointer + "/p_value", scanner, spots);
            if (!p_value.is_null() && !(p_value == typed))
                return fault(at, "the hazard ratio already has a p-value", "leave out one of the two");
            p_value = std::move(typed);
        });
        if (!p_value.is_null()) made.members.emplace_back("p_value", std::move(p_value));
        if (made.members.empty()) return;
        place(pointer, *(text("hr").empty() ? cell("p") : cell("hr")));
        analysis.contrasts.push_back(std::move(made));
    }

    Json document() {
        Json::Array trials;
        for (std::size_t t = 0; t < trials_.size(); ++t)
            trials.emplace_back(trial_json(trials_[t], support::pointer_append(std::string("/trials"), t)));
        return Json::Object{{"format", "hersurv-catalogue"}, {"version", 1}, {"trials", std::move(trials)}};
    }

    Json::Object trial_json(TrialDraft& trial, const std::string& pointer) {
        Json::Array analyses;
        for (std::size_t a = 0; a < trial.analyses.size(); ++a) {
            AnalysisDraft& draft = trial.analyses[a];
            Json::Object analysis{{"id", draft.id}, {"endpoint", draft.endpoint}};
            if (!draft.population.empty()) analysis.emplace_back("population", draft.population);
            const std::string at = support::pointer_append(support::pointer_append(pointer, "analyses"), a);
            Json::Array contrasts = contrasts_json(trial, draft, at);
            Json::Object arms;
            for (auto& [arm, result] : draft.arms) arms.emplace_back(arm, std::move(result));
            analysis.emplace_back("arms", std::move(arms));
            if (!contrasts.empty()) analysis.emplace_back("contrasts", std::move(contrasts));
            analyses.emplace_back(std::move(analysis));
        }
        Json::Array arms;
        for (ArmDraft& draft : trial.arms) {
            Json::Object arm{{"id", draft.id}};
            if (draft.role.empty() && trial.arms.size() == 1) draft.role = "single";
            if (!draft.role.empty()) arm.emplace_back("role", draft.role);
            if (draft.n) arm.emplace_back("n", *draft.n);
            arms.emplace_back(std::move(arm));
        }
        Json::Object made{{"id", trial.id}};
        if (!trial.year.empty()) made.emplace_back("year", year_json(trial.year));
        made.emplace_back("arms", std::move(arms));
        made.emplace_back("analyses", std::move(analyses));
        return made;
    }

    // A year that is none is refused by the reader.
    static Json year_json(const std::string& year) {
        const bool digits = !year.empty() && year.size() < 9 && std::ranges::all_of(year, is_digit);
        return digits ? Json(std::stoi(year)) : Json(year);
    }

    // Each ratio is that of its row's arm against the control: the arm of that role, or the other one of two.
    Json::Array contrasts_json(TrialDraft& trial, AnalysisDraft& analysis, const std::string& pointer) {
        Json::Array contrasts;
        const auto role = [&](const std::string& arm) -> std::string& {
            return trial.arms[place_of(trial.arms, arm, &ArmDraft::id)].role;
        };
        for (std::size_t i = 0; i < analysis.contrasts.size(); ++i) {
            ContrastDraft& draft = analysis.contrasts[i];
            std::vector<std::string> controls;
            for (const auto& [arm, result] : analysis.arms)
                if (arm != draft.arm && (role(arm) == "control" || analysis.arms.size() == 2)) controls.push_back(arm);
            const auto at = made_.places.find(support::pointer_append(pointer + "/contrasts", i));
            const TrialsCell place{"", at->second.line, at->second.column};
            if (analysis.arms.size() == 2 && analysis.contrasts.size() == 2) {
                fault(place, "a hazard ratio is given in the rows of both arms",
                      "give it in the row of the experimental arm only");
                return contrasts;
            }
            if (controls.size() != 1) {
                fault(place, "the comparator of the hazard ratio is not stated",
                      "add a column \"role\" with the value control in one row of the analysis");
                continue;
            }
            if (role(draft.arm).empty()) role(draft.arm) = "experimental";
            if (role(controls.front()).empty()) role(controls.front()) = "control";
            Json::Object contrast{{"experimental", draft.arm}, {"control", controls.front()}};
            for (auto& member : draft.members) contrast.push_back(std::move(member));
            contrasts.emplace_back(std::move(contrast));
        }
        return contrasts;
    }

    TrialsCells cells_;
    TrialsColumns columns_;
    std::string file_;
    DecimalMarks marks_;
    const std::vector<TrialsCell>* row_ = nullptr;
    std::size_t arm_ = 0;
    std::string arm_pointer_, analysis_pointer_;
    std::vector<TrialDraft> trials_;
    TrialsDocument made_;
};

}  // namespace

TrialsDocument document_of_table(std::string_view text, const std::string& file) {
    return TableReader(read_trials_cells(text, file), file).read();
}

}  // namespace hersurv::catalogue
