// "name=A n=402 median=57.1[50,72] S(96)=0.37": keys, each with its number.
#include "catalogue/typed_arm.hpp"

#include "catalogue/names.hpp"
#include "catalogue/record_writer.hpp"
#include "catalogue/text.hpp"
#include "catalogue/typed_statistic.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>
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

bool ends_word(char letter) { return is_blank(letter) || letter == ',' || letter == ';'; }

// "(n=402)", as it is after the names of arms.
bool number_in_brackets(const std::string& text, std::size_t at) {
    if (at >= text.size() || text[at] != '(') return false;
    const auto skip_blanks = [&] {
        while (at < text.size() && is_blank(text[at])) ++at;
    };
    ++at;
    skip_blanks();
    if (at >= text.size() || (text[at] != 'n' && text[at] != 'N')) return false;
    ++at;
    skip_blanks();
    return at < text.size() && text[at] == '=';
}

// Whether "key=" or "S(24)=" begins at `at`; `closing` is the first bracket after it that closes.
bool key_begins(const std::string& text, std::size_t at, std::size_t closing) {
    std::size_t word = at;
    while (word < text.size() && !is_blank(text[word]) && text[word] != '=' && text[word] != '(') ++word;
    if (word == at || word == text.size()) return false;
    constexpr std::size_t longest_time = 40;  // in the brackets of S(...)
    if (text[word] == '(') {
        if (closing == std::string::npos || closing - word > longest_time) return false;
        word = closing + 1;
    }
    while (word < text.size() && is_blank(text[word])) ++word;
    return word < text.size() && text[word] == '=';
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
        return scanner.typed(start + 1, end);
    }
    std::size_t end = text.size(), closing = text.find(')', start);
    for (std::size_t at = start; at < text.size() && end == text.size(); ++at) {
        if (closing != std::string::npos && closing < at) closing = text.find(')', at);
        if (at > start && !ends_word(text[at - 1])) continue;
        if (key_begins(text, at, closing) || number_in_brackets(text, at)) end = at;
    }
    scanner.move_to(end);
    while (end > start && ends_word(text[end - 1])) --end;
    return scanner.typed(start, end);
}

// A word that is not a key, after a time: "12.7 parsecs", "20.2 observd".
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
    ahead.move_to(start);
    scanner.fail(start, "\"" + ahead.next_word() + "\" is not " + expected);
}

void refuse_percent(const TypedStatistic& statistic, const std::string& name, const TypedScanner& scanner) {
    if (statistic.value.percent) scanner.fail(statistic.value.offset, name + " is in months, not in percent");
    for (const auto& limit : {statistic.lower, statistic.upper}) {
        if (limit && limit->percent) scanner.fail(limit->offset, name + " is in months, not in percent");
    }
}

TypedNumber count(TypedScanner& scanner, const std::string& name) {
    TypedNumber number = scanner.number(Sort::count);
    if (!number.word.empty() || number.percent) scanner.fail(number.offset, name + " is a whole number");
    return number;
}

class ArmReader {
  public:
    ArmReader(const std::string& text, std::size_t index, Spots& spots)
        : scanner_("--arm", text), spots_(spots), index_(index) {
        typed_.name = "arm-" + std::to_string(index + 1);
        typed_.name_spot = scanner_.spot(0);
    }

    TypedArm read() {
        // The name is needed first: it is part of the pointers of all other numbers.
        TypedScanner names = scanner_;
        find_name();
        scanner_ = names;
        result_pointer_ = support::pointer_append("/trials/0/analyses/0/arms", typed_.name);
        arm_pointer_ = support::pointer_append(std::string("/trials/0/arms"), index_);
        spots_[arm_pointer_] = typed_.name_spot;
        spots_[result_pointer_] = typed_.name_spot;
        typed_.arm = {{"id", typed_.name}};
        while (skip_separators()) item();
        if (patients_) typed_.arm.emplace_back("n", patients_->json());
        if (patients_) check_typed_share(events_, *patients_, scanner_);
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

    // The key in lower case, the sign after it taken.
    std::string key() {
        const std::size_t start = scanner_.offset();
        std::string name;
        while (!scanner_.at_end() && !is_blank(scanner_.peek()) && scanner_.peek() != '=' && scanner_.peek() != ':' &&
               scanner_.peek() != '(') {
            name += scanner_.peek();
            scanner_.move_to(scanner_.offset() + 1);
        }
        name = folded(name);
        if (name == "s" && scanner_.peek() == '(') return name;
        static constexpr std::string_view known[] = {"name", "n", "events", "follow-up", "median", "at-risk"};
        if (std::ranges::find(known, name) == std::end(known)) {
            scanner_.move_to(start);
            constexpr std::size_t longest_shown = 40;
            const std::string shown = name.empty() || name.size() > longest_shown ? scanner_.next_word() : name;
            if (!shown.empty() && is_digit(shown.front())) {
                scanner_.fail(start, "\"" + shown + "\" has no key; write decimals with a point");
            }
            scanner_.fail(start, "unknown key \"" + shown + "\"" +
                                     suggestion(shown, arm_keys(),
                                                "; known: name, n, events, follow-up, median, at-risk and S(months)"));
        }
        take_equals(name);
        return name;
    }

    // Before a number papers write a colon, "of", "was", or nothing: "median 17.6 months".
    void take_equals(const std::string& name) {
        scanner_.skip_blanks();
        const bool sign = scanner_.take_any({"=", ":"});
        if (!sign && name != "name") (void)scanner_.take_any_phrase({"of", "was", "is"});
        if (!sign && (name == "name" || !scanner_.number_follows()))
            scanner_.fail(scanner_.offset(), "\"=\" is missing after " + name);
        scanner_.skip_blanks();
    }

    // `meaning`: what is the same however it is typed.
    void once(const std::string& key, const std::string& meaning, std::size_t offset) {
        if (!seen_.insert(meaning).second) scanner_.fail(offset, key + " is given twice");
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
                    const std::size_t offset = scanner_.offset();
                    typed_.name_spot = scanner_.spot(offset);
                    typed_.name = arm_name(scanner_);
                    if (typed_.name.empty()) fail_without_name(offset);
                    return;
                }
            }
            boundary = is_blank(text[at]) || text[at] == ',' || text[at] == ';';
        }
    }

    // Nothing, or what reads as the next key, is after name=.
    [[noreturn]] void fail_without_name(std::size_t offset) {
        scanner_.move_to(offset);
        const std::string next = scanner_.next_word();
        const std::size_t equals = next.find('=');
        if (equals == std::string::npos || equals == 0) scanner_.fail(offset, "the name is empty");
        const std::string key = folded(std::string_view(next).substr(0, equals));
        if (key.starts_with("s(") || std::ranges::find(arm_keys(), key) != arm_keys().end())
            scanner_.fail(offset, "the name is empty");
        scanner_.fail(offset, "\"" + next +
                                  "\" looks like a key with a value; put a name that contains \"=\" in quotes: " +
                                  "name='" + next + "'");
    }

    void item() {
        const std::size_t start = scanner_.offset();
        const bool bracket = number_in_brackets(scanner_.text(), start);
        if (bracket) scanner_.take("(");
        const std::string name = key();
        if (name == "s") return milestone(start);
        once(name, name, start);
        if (name == "name") {
            (void)arm_name(scanner_);
            return;
        }
        const std::size_t value_offset = scanner_.offset();
        if (name == "n") {
            patients(count(scanner_, name), value_offset);
            if (bracket && !scanner_.take(")")) scanner_.fail(scanner_.offset(), "\")\" is missing after n");
            return;
        }
        if (name == "events") return events(value_offset);
        if (name == "at-risk") return at_risk(value_offset);
        if (name == "median") {
            const TypedStatistic statistic = read_typed_statistic(scanner_, Sort::time);
            refuse_percent(statistic, name, scanner_);
            refuse_word("a unit of time; write " + std::string(time_unit_words), scanner_);
            add("median",
                statistic_json(statistic, support::pointer_append(result_pointer_, "median"), scanner_, spots_));
            return;
        }
        add("follow_up", read_typed_follow_up(scanner_, support::pointer_append(result_pointer_, "follow_up"), spots_));
    }

    void patients(const TypedNumber& number, std::size_t offset) {
        (void)scanner_.take_any_phrase({"patients", "participants", "pts"});
        spots_[arm_pointer_ + "/n"] = scanner_.spot(offset);
        if (patients_) return check_patients(number);  // given after the events
        patients_ = number;
    }

    void check_patients(const TypedNumber& number) {
        if (number.value() != patients_->value())
            scanner_.fail(number.offset, number.digits + " patients here, but " + patients_->digits +
                                             " elsewhere in the text; compare both with the source");
    }

    void events(std::size_t offset) {
        events_ = read_typed_events(scanner_);
        if (events_.patients && patients_) check_patients(*events_.patients);
        if (events_.patients && !patients_) {
            patients_ = events_.patients;
            spots_[arm_pointer_ + "/n"] = scanner_.spot(patients_->offset);
        }
        spots_[result_pointer_ + "/events"] = scanner_.spot(offset);
        add("events", Json::Object{{"value", events_.events.json()}});
    }

    // "0:402, 12:371": times and patients.
    void at_risk(std::size_t start) {
        const std::string pointer = support::pointer_append(result_pointer_, "at_risk");
        spots_[pointer] = scanner_.spot(start);
        Json::Array times, patients;
        std::optional<TimeUnit> unit;
        do {
            const TypedNumber time = scanner_.number(Sort::time);
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
            const TypedNumber number = scanner_.number();
            if (!number.word.empty() || number.percent)
                scanner_.fail(number.offset, "the number at risk is a whole number");
            patients.emplace_back(number.json());
        } while (another_follows());
        Json::Object numbers{{"times", std::move(times)}, {"patients", std::move(patients)}};
        add_unit(numbers, unit.value_or(TimeUnit::months));
        add("at_risk", std::move(numbers));
    }

    // A separator with a number after it, which is taken.
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
        const TypedNumber time = scanner_.number(Sort::time);
        if (!time.word.empty() || time.percent) scanner_.fail(time.offset, "the time is a number of months");
        scanner_.skip_blanks();
        if (is_letter(scanner_.peek()))
            scanner_.fail(scanner_.offset(),
                          "the unit of time is not one of " + std::string(time_unit_words) + ", as in S(5 years)");
        if (!scanner_.take(")"))
            scanner_.fail(scanner_.offset(), "\")\" is missing after the time (months, unless a unit is given)");
        const TimeUnit unit = time.unit.value_or(TimeUnit::months);
        const std::string shown =
            "S(" + time.digits + (unit == TimeUnit::months ? "" : " " + std::string(to_string(unit))) + ")";
        take_equals(shown);
        const double months = to_months(time.value(), unit, support::decimals_of(time.value()));
        once(shown, "S(" + support::shortest(months) + ")", start);
        const TypedStatistic statistic = read_typed_statistic(scanner_, Sort::plain);
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

    void add(std::string key, Json::Object object) { typed_.result.emplace_back(std::move(key), std::move(object)); }

    TypedScanner scanner_;
    Spots& spots_;
    std::size_t index_;
    TypedArm typed_;
    std::string arm_pointer_, result_pointer_;
    std::optional<TypedNumber> patients_;
    TypedEvents events_;
    std::set<std::string> seen_;
    Json::Array milestones_;
};

}  // namespace

TypedEvents read_typed_events(TypedScanner& scanner) {
    TypedEvents typed;
    typed.events = count(scanner, "events");
    (void)scanner.take_any_phrase({"events", "deaths"});
    if (scanner.take("/") || scanner.take_any_phrase({"of", "out of"}))
        typed.patients = count(scanner, "the number of patients");
    TypedScanner ahead = scanner;
    if (!ahead.take("(")) return typed;
    typed.share = ahead.number();
    if (!typed.share->word.empty() || !typed.share->percent || !ahead.take(")"))
        scanner.fail(typed.share->offset, "expected the percentage of events in the brackets, like 181/334 (54.2%)");
    scanner = ahead;
    return typed;
}

void check_typed_share(const TypedEvents& typed, const TypedNumber& patients, const TypedScanner& scanner) {
    if (!typed.share || patients.value() <= 0) return;
    const double share = typed.events.value() / patients.value();
    const std::string& digits = typed.share->digits;
    const std::size_t point = digits.find('.');
    const int decimals = point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
    // Rounded, either way at a half.
    if (std::abs(share - typed.share->value()) <= .51 * std::pow(10, -decimals - 2)) return;
    scanner.fail(typed.share->offset, digits + "% of " + patients.digits + " patients are not " + typed.events.digits +
                                          " events (" + support::fixed(100 * share, std::max(1, decimals)) +
                                          "%); compare them with the source");
}

Json::Object read_typed_follow_up(TypedScanner& scanner, const std::string& pointer, Spots& spots) {
    const std::size_t start = scanner.offset();
    const TypedStatistic statistic = read_typed_statistic(scanner, Sort::time, Beside::spread);
    refuse_percent(statistic, "follow-up", scanner);
    if (!statistic.value.word.empty()) scanner.fail(statistic.value.offset, "the median follow-up is a number");
    spots[pointer] = scanner.spot(start);
    Json::Object follow_up{{"median", statistic.value.json()}};
    if (statistic.lower && statistic.says_confidence) {
        // A catalogue has no place for it, and it is neither range nor quartiles.
        const auto printed = [](const TypedNumber& limit) { return limit.word.empty() ? limit.digits : limit.word; };
        follow_up.emplace_back(
            "note", "published with the " + (statistic.level ? support::shortest(100 * *statistic.level) + "% " : "") +
                        "confidence interval " + printed(*statistic.lower) + " to " + printed(*statistic.upper));
    } else if (statistic.lower) {
        for (const TypedNumber* end : {&*statistic.lower, &*statistic.upper})
            if (!end->word.empty()) scanner.fail(end->offset, "quartiles and range of the follow-up are numbers");
        follow_up.emplace_back(statistic.quartiles ? "quartiles" : "range",
                               Json::Array{statistic.lower->json(), statistic.upper->json()});
    }
    add_unit(follow_up, statistic.unit);
    scanner.skip_blanks();
    if (scanner.take_phrase("observed"))
        follow_up.emplace_back("kind", "observed");
    else if (scanner.take_phrase("reverse kaplan meier"))
        follow_up.emplace_back("kind", "reverse-kaplan-meier");
    refuse_word(follow_up.back().first == "kind" ? "part of a follow-up; write the next key like events=168"
                                                 : "a kind of follow-up; write observed or reverse-kaplan-meier",
                scanner);
    return follow_up;
}

TypedArm read_typed_arm(const std::string& text, std::size_t index, Spots& spots) {
    return ArmReader(text, index, spots).read();
}

}  // namespace hersurv::catalogue
