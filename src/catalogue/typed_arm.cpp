// "name=A n=402 median=57.1[50,72] S(96)=0.37": keys, each with its number.
#include "catalogue/typed_arm.hpp"

#include "catalogue/names.hpp"
#include "catalogue/record_writer.hpp"
#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace hersurv::catalogue {
namespace {

using support::Json;

const std::vector<std::string>& arm_keys() {
    static const std::vector<std::string> keys{"name", "n", "events", "follow-up", "median", "at-risk", "S(24)"};
    return keys;
}

std::string suggestion(const std::string& name, const std::vector<std::string>& candidates,
                       const std::string& otherwise) {
    const std::vector<std::string> near = nearest(name, candidates, 1);
    return near.empty() ? otherwise : "; did you mean " + near.front() + "?";
}

// The name goes on to the next "key=" or "S(24)=": names have blanks.
std::string arm_name(TypedScanner& scanner) {
    const std::string& text = scanner.text();
    const std::size_t start = scanner.offset();
    const char quote = scanner.peek();
    if (quote == '"' || quote == '\'') {
        const std::size_t end = text.find(quote, start + 1);
        if (end == std::string::npos) scanner.fail(start, "the quotation mark is not closed");
        scanner.move_to(end + 1);
        return text.substr(start + 1, end - start - 1);
    }
    std::size_t end = text.size();
    for (std::size_t at = start; at < text.size() && end == text.size(); ++at) {
        if (at > start && !is_blank(text[at - 1]) && text[at - 1] != ',' && text[at - 1] != ';') continue;
        std::size_t word = at;
        while (word < text.size() && !is_blank(text[word]) && text[word] != '=' && text[word] != '(') ++word;
        if (word == at || word == text.size()) continue;
        if (text[word] == '(') word = text.find(')', word) == std::string::npos ? word : text.find(')', word) + 1;
        while (word < text.size() && is_blank(text[word])) ++word;
        if (word < text.size() && text[word] == '=') end = at;
    }
    scanner.move_to(end);
    while (end > start && (is_blank(text[end - 1]) || text[end - 1] == ',' || text[end - 1] == ';')) --end;
    return text.substr(start, end - start);
}

// A word that is no key, behind a time: "12.7 parsecs", "20.2 observd".
void refuse_word(const std::string& expected, const TypedScanner& scanner) {
    TypedScanner ahead = scanner;
    ahead.skip_blanks();
    const std::size_t start = ahead.offset();
    std::string word;
    while (is_letter(ahead.peek()) || (ahead.peek() == '-' && !word.empty())) {
        word += ahead.peek();
        ahead.move_to(ahead.offset() + 1);
    }
    const bool ends = ahead.at_end() || is_blank(ahead.peek()) || ahead.peek() == ',' || ahead.peek() == ';';
    ahead.skip_blanks();
    if (word.empty() || !ends || ahead.peek() == '=') return;
    if (std::ranges::find(arm_keys(), folded(word)) != arm_keys().end()) return;  // its "=" is missing
    scanner.fail(start, "\"" + word + "\" is not " + expected);
}

void refuse_percent(const TypedStatistic& statistic, const std::string& name, const TypedScanner& scanner) {
    if (statistic.value.percent) scanner.fail(statistic.value.offset, name + " is in months, not in percent");
    for (const auto& limit : {statistic.lower, statistic.upper}) {
        if (limit && limit->percent) scanner.fail(limit->offset, name + " is in months, not in percent");
    }
}

class ArmReader {
  public:
    ArmReader(const std::string& text, std::size_t index, Spots& spots)
        : scanner_("--arm", text), spots_(spots), index_(index) {
        typed_.name = "arm-" + std::to_string(index + 1);
    }

    TypedArm read() {
        // The name is needed first: it is part of the pointers of all other numbers.
        TypedScanner names = scanner_;
        find_name();
        scanner_ = names;
        result_pointer_ = support::pointer_append("/trials/0/analyses/0/arms", typed_.name);
        const std::string arm_pointer = support::pointer_append(std::string("/trials/0/arms"), index_);
        spots_[arm_pointer] = scanner_.spot(typed_.name_offset);
        spots_[result_pointer_] = scanner_.spot(typed_.name_offset);
        typed_.arm = {{"id", typed_.name}};
        while (skip_separators()) item(arm_pointer);
        if (!milestones_.empty()) typed_.result.emplace_back("milestones", std::move(milestones_));
        return std::move(typed_);
    }

  private:
    bool skip_separators() {
        do {
            scanner_.skip_blanks();
        } while (scanner_.take_any({",", ";"}));
        return !scanner_.at_end();
    }

    // The key in lower case, its `=` taken.
    std::string key() {
        const std::size_t start = scanner_.offset();
        std::string name;
        while (!scanner_.at_end() && !is_blank(scanner_.peek()) && scanner_.peek() != '=' && scanner_.peek() != '(') {
            name += scanner_.peek();
            scanner_.move_to(scanner_.offset() + 1);
        }
        name = folded(name);
        if (name == "s" && scanner_.peek() == '(') return name;
        static constexpr std::string_view known[] = {"name", "n", "events", "follow-up", "median", "at-risk"};
        if (std::ranges::find(known, name) == std::end(known)) {
            scanner_.move_to(start);
            const std::string shown = name.empty() ? scanner_.next_word() : name;
            if (!shown.empty() && is_digit(shown.front())) {
                scanner_.fail(start, "\"" + shown + "\" belongs to no key; decimals are written with a point");
            }
            scanner_.fail(start,
                          "there is no key \"" + shown + "\"" +
                              suggestion(shown, arm_keys(),
                                         "; keys are name, n, events, follow-up, median, at-risk and S(months)"));
        }
        take_equals(name);
        return name;
    }

    void take_equals(const std::string& name) {
        scanner_.skip_blanks();
        if (!scanner_.take("=")) scanner_.fail(scanner_.offset(), "\"=\" is missing behind " + name);
        scanner_.skip_blanks();
    }

    // `meaning`: what is the same however it is typed.
    void once(const std::string& key, const std::string& meaning, std::size_t offset) {
        if (std::ranges::find(seen_, meaning) != seen_.end()) scanner_.fail(offset, key + " is given twice");
        seen_.push_back(meaning);
    }

    // Reads ahead for name=.
    void find_name() {
        const std::string& text = scanner_.text();
        bool boundary = true;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (boundary && folded(std::string_view(text).substr(at, 4)) == "name") {
                scanner_.move_to(at + 4);
                scanner_.skip_blanks();
                if (scanner_.take("=")) {
                    scanner_.skip_blanks();
                    typed_.name_offset = scanner_.offset();
                    typed_.name = arm_name(scanner_);
                    if (typed_.name.empty()) fail_without_name(typed_.name_offset);
                    return;
                }
            }
            boundary = is_blank(text[at]) || text[at] == ',' || text[at] == ';';
        }
    }

    // Nothing, or what reads as the next key, stands behind name=.
    [[noreturn]] void fail_without_name(std::size_t offset) {
        scanner_.move_to(offset);
        const std::string next = scanner_.next_word();
        const std::size_t equals = next.find('=');
        if (equals == std::string::npos || equals == 0) scanner_.fail(offset, "the name is empty");
        const std::string key = folded(std::string_view(next).substr(0, equals));
        if (key.starts_with("s(") || std::ranges::find(arm_keys(), key) != arm_keys().end())
            scanner_.fail(offset, "the name is empty");
        scanner_.fail(offset, "\"" + next +
                                  "\" reads as a key with its value; put a name with \"=\" in it into quotes: " +
                                  "name='" + next + "'");
    }

    void item(const std::string& arm_pointer) {
        const std::size_t start = scanner_.offset();
        const std::string name = key();
        if (name == "s") return milestone(start);
        once(name, name, start);
        if (name == "name") {
            (void)arm_name(scanner_);
            return;
        }
        const std::size_t value_offset = scanner_.offset();
        if (name == "n") {
            const TypedNumber number = plain_number(name);
            spots_[support::pointer_append(arm_pointer, "n")] = scanner_.spot(value_offset);
            typed_.arm.emplace_back("n", number.json());
            return;
        }
        if (name == "events") {
            TypedStatistic statistic;
            statistic.value = plain_number(name);
            add("events",
                statistic_json(statistic, support::pointer_append(result_pointer_, "events"), scanner_, spots_));
            return;
        }
        if (name == "at-risk") return at_risk(value_offset);
        if (name == "median") {
            const TypedStatistic statistic = scanner_.statistic(Units::of_time);
            refuse_percent(statistic, name, scanner_);
            refuse_word("a unit of time; write " + std::string(time_unit_words), scanner_);
            add("median",
                statistic_json(statistic, support::pointer_append(result_pointer_, "median"), scanner_, spots_));
            return;
        }
        add("follow_up", read_typed_follow_up(scanner_, support::pointer_append(result_pointer_, "follow_up"), spots_));
    }

    // "0:402, 12:371": times and patients.
    void at_risk(std::size_t start) {
        const std::string pointer = support::pointer_append(result_pointer_, "at_risk");
        spots_[pointer] = scanner_.spot(start);
        Json::Array times, patients;
        std::optional<TimeUnit> unit;
        do {
            const TypedNumber time = scanner_.number(Units::of_time);
            scanner_.skip_blanks();
            if (!time.word.empty() || time.percent || !scanner_.take(":"))
                scanner_.fail(time.offset, "write the numbers at risk as TIME:PATIENTS, like 0:402,12:371");
            if (time.value() > 0) {
                if (unit && *unit != time.unit.value_or(TimeUnit::months))
                    scanner_.fail(time.offset, "the times have several units; write them in one");
                unit = time.unit.value_or(TimeUnit::months);
            }
            scanner_.skip_blanks();
            const std::size_t offset = scanner_.offset();
            spots_[support::pointer_append(pointer + "/times", times.size())] = scanner_.spot(time.offset);
            spots_[support::pointer_append(pointer + "/patients", times.size())] = scanner_.spot(offset);
            times.emplace_back(time.json());
            patients.emplace_back(plain_number("the number at risk").json());
        } while (another_follows());
        Json::Object numbers{{"times", std::move(times)}, {"patients", std::move(patients)}};
        add_unit(numbers, unit.value_or(TimeUnit::months));
        add("at_risk", std::move(numbers));
    }

    // A separator with a number behind it, which is taken.
    bool another_follows() {
        TypedScanner ahead = scanner_;
        ahead.skip_blanks();
        if (!ahead.take_any({",", ";"})) return false;
        ahead.skip_blanks();
        if (!is_digit(ahead.peek())) return false;
        scanner_ = ahead;
        return true;
    }

    void milestone(std::size_t start) {
        scanner_.take("(");
        scanner_.skip_blanks();
        const TypedNumber time = scanner_.number(Units::of_time);
        if (!time.word.empty() || time.percent) scanner_.fail(time.offset, "the time is a number of months");
        scanner_.skip_blanks();
        if (is_letter(scanner_.peek()))
            scanner_.fail(scanner_.offset(),
                          "the unit of time is not one of " + std::string(time_unit_words) + ", as in S(5 years)");
        if (!scanner_.take(")"))
            scanner_.fail(scanner_.offset(),
                          "\")\" is missing behind the time, which is in months unless it has a unit");
        const TimeUnit unit = time.unit.value_or(TimeUnit::months);
        const std::string shown =
            "S(" + time.digits + (unit == TimeUnit::months ? "" : " " + std::string(to_string(unit))) + ")";
        take_equals(shown);
        const double months = to_months(time.value(), unit, support::decimals_of(time.value()));
        once(shown, "S(" + support::shortest(months) + ")", start);
        const TypedStatistic statistic = scanner_.statistic();
        const std::string pointer =
            support::pointer_append(support::pointer_append(result_pointer_, "milestones"), milestones_.size());
        Json::Object object{{"time", time.json()}};
        add_unit(object, unit);
        for (auto& [key, value] : statistic_json(statistic, pointer, scanner_, spots_)) {
            object.emplace_back(key == "value" ? "survival" : key, std::move(value));
        }
        spots_[pointer + "/time"] = scanner_.spot(time.offset);
        milestones_.emplace_back(std::move(object));
    }

    TypedNumber plain_number(const std::string& name) {
        TypedNumber number = scanner_.number();
        if (!number.word.empty() || number.percent) scanner_.fail(number.offset, name + " is a whole number");
        return number;
    }

    void add(std::string key, Json::Object object) { typed_.result.emplace_back(std::move(key), std::move(object)); }

    TypedScanner scanner_;
    Spots& spots_;
    std::size_t index_;
    TypedArm typed_;
    std::string result_pointer_;
    std::vector<std::string> seen_;
    Json::Array milestones_;
};

}  // namespace

Json::Object read_typed_follow_up(TypedScanner& scanner, const std::string& pointer, Spots& spots) {
    const std::size_t start = scanner.offset();
    const TypedStatistic statistic = scanner.statistic(Units::of_time);
    refuse_percent(statistic, "follow-up", scanner);
    spots[pointer] = scanner.spot(start);
    Json::Object follow_up{{"median", statistic.value.json()}};
    if (statistic.lower) follow_up.emplace_back("range", Json::Array{statistic.lower->json(), statistic.upper->json()});
    add_unit(follow_up, statistic.unit);
    scanner.skip_blanks();
    for (const std::string_view kind : {"observed", "reverse-kaplan-meier"}) {
        if (!scanner.take_word(kind)) continue;
        follow_up.emplace_back("kind", std::string(kind));
        break;
    }
    refuse_word(follow_up.back().first == "kind" ? "part of a follow-up; the next key is written like events=168"
                                                 : "a kind of follow-up; write observed or reverse-kaplan-meier",
                scanner);
    return follow_up;
}

TypedArm read_typed_arm(const std::string& text, std::size_t index, Spots& spots) {
    return ArmReader(text, index, spots).read();
}

Json::Object statistic_json(const TypedStatistic& typed, const std::string& pointer, const TypedScanner& scanner,
                            Spots& spots) {
    Json::Object object{{"value", typed.value.json()}};
    spots[pointer] = scanner.spot(typed.value.offset);
    for (const auto& [key, limit] : {std::pair("lower", &typed.lower), std::pair("upper", &typed.upper)}) {
        if (!*limit) continue;
        object.emplace_back(key, (*limit)->json());
        spots[support::pointer_append(pointer, key)] = scanner.spot((*limit)->offset);
    }
    if (typed.unit != TimeUnit::months) object.emplace_back("unit", std::string(to_string(typed.unit)));
    if (typed.level) object.emplace_back("level", *typed.level);
    return object;
}

}  // namespace hersurv::catalogue
