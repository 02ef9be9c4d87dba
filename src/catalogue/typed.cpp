// Typed numbers -> a catalogue document -> the reader: the same ranges, defaults and records as a file has, with faults
// told by the column of the text. The document is made here; what it may hold is decided by the reader alone.
#include "hersurv/catalogue/typed.hpp"

#include "hersurv/catalogue/names.hpp"
#include "hersurv/catalogue/reader.hpp"
#include "hersurv/support/error.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;
using support::UsageError;

constexpr std::string_view trial_id = "command-line";
constexpr int least_decimals_of_ratios = 2;  // as the reader takes hazard ratios and probabilities

bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }
char lower_letter(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower_letter);
    return result;
}

// A place in the text of an option.
struct Spot {
    std::string option;  // "--arm"
    std::string text;
    std::size_t offset = 0;
};

// "--arm 'name=A n=x', column 10: PROBLEM". Columns count characters, not bytes.
std::string described(const Spot& spot, const std::string& problem) {
    const auto is_start = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
    const std::size_t offset = std::min(spot.offset, spot.text.size());
    const auto column = 1 + std::ranges::count_if(std::string_view(spot.text).substr(0, offset), is_start);
    return spot.option + " \"" + spot.text + "\", column " + std::to_string(column) + ": " + problem;
}

// A number as typed, or the word in its place.
struct TypedNumber {
    std::string word;    // "NR", "NE"; empty for a number
    std::string digits;  // "57.10"
    bool percent = false;
    std::size_t offset = 0;

    [[nodiscard]] int decimals() const {
        const std::size_t point = digits.find('.');
        const int printed = point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
        return printed + (percent ? 2 : 0);
    }
    // Percents are shifted in the decimal text, so that 80.5% is the double nearest to 0.805.
    [[nodiscard]] double value() const {
        const std::string text = digits + (percent ? "e-2" : "");
        double number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        return number;
    }
    [[nodiscard]] Json json() const { return word.empty() ? Json(value()) : Json(word); }
};

struct TypedStatistic {
    TypedNumber value;
    std::optional<TypedNumber> lower, upper;
    std::optional<double> level;
};

// Reads the text of one option from left to right.
class Scanner {
  public:
    Scanner(std::string option, std::string text) : option_(std::move(option)), text_(std::move(text)) {}

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] std::size_t offset() const { return at_; }
    void move_to(std::size_t offset) { at_ = offset; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
    [[nodiscard]] Spot spot(std::size_t offset) const { return {option_, text_, offset}; }
    [[noreturn]] void fail(std::size_t offset, const std::string& problem) const {
        throw UsageError(described(spot(offset), problem));
    }

    void skip_blanks() {
        while (!at_end() && is_blank(text_[at_])) ++at_;
    }
    bool take(std::string_view token) {
        if (!rest().starts_with(token)) return false;
        at_ += token.size();
        return true;
    }
    bool take_any(std::initializer_list<std::string_view> tokens) {
        return std::ranges::any_of(tokens, [&](std::string_view token) { return take(token); });
    }
    // Letters, in any case, that are not the start of a longer word.
    bool take_word(std::string_view word) {
        if (lower(rest().substr(0, word.size())) != lower(word)) return false;
        const std::size_t next = at_ + word.size();
        if (next < text_.size() && (is_letter(text_[next]) || is_digit(text_[next]))) return false;
        at_ = next;
        return true;
    }
    // Up to the next blank, for messages.
    [[nodiscard]] std::string next_word() const {
        std::size_t end = at_;
        while (end < text_.size() && !is_blank(text_[end])) ++end;
        return text_.substr(at_, end - at_);
    }

    [[nodiscard]] bool number_follows() const {
        const std::string_view next = rest();
        if (!next.empty() && (is_digit(next.front()) || next.front() == '.')) return true;
        Scanner ahead = *this;
        return ahead.take_word("NR") || ahead.take_word("NE");
    }

    TypedNumber number() {
        TypedNumber result;
        result.offset = at_;
        for (const std::string_view word : {"NR", "NE"}) {
            if (take_word(word)) {
                result.word = word;
                return result;
            }
        }
        const std::size_t start = at_;
        if (peek() == '-') result.digits += text_[at_++];
        const std::size_t whole = take_digits(result.digits);
        std::size_t decimals = 0;
        // The raised point of British journals stands for the decimal point.
        if (take_any({".", "\xC2\xB7"})) {
            if (whole == 0) result.digits += '0';
            result.digits += '.';
            decimals = take_digits(result.digits);
        }
        const bool glued = is_letter(peek()) || peek() == '.' || peek() == '_';
        if (whole + decimals == 0 || glued) {
            at_ = start;
            const std::string word = next_word();
            fail(start, (word.empty() ? "a number is missing" : "\"" + word + "\" is not a number") +
                            std::string("; write it like 57.1, or NR or NE"));
        }
        if (decimals == 0 && result.digits.back() == '.') result.digits.pop_back();
        result.percent = take("%");
        return result;
    }

    // "57.1", "57.1[50,72]", "57.1 (95% CI 50-72)", "57.1 50-72".
    TypedStatistic statistic() {
        TypedStatistic result;
        result.value = number();
        const std::size_t after_value = at_;
        skip_blanks();
        const char opening = peek();
        if (opening == '[' || opening == '(') {
            ++at_;
            skip_blanks();
            result.level = level();
            limits(result);
            skip_blanks();
            const char closing = opening == '[' ? ']' : ')';
            if (peek() != closing) fail(at_, std::string("\"") + closing + "\" is missing behind the limits");
            ++at_;
        } else if (number_follows()) {
            limits(result);
        } else {
            at_ = after_value;
        }
        return result;
    }

  private:
    [[nodiscard]] std::string_view rest() const { return std::string_view(text_).substr(std::min(at_, text_.size())); }

    std::size_t take_digits(std::string& digits) {
        const std::size_t start = at_;
        while (is_digit(peek())) digits += text_[at_++];
        return at_ - start;
    }

    // "95% CI" and what may follow it.
    std::optional<double> level() {
        Scanner ahead = *this;
        if (!is_digit(ahead.peek())) return std::nullopt;
        TypedNumber typed = ahead.number();
        ahead.skip_blanks();
        if (!typed.percent && ahead.take("%")) typed.percent = true;
        ahead.skip_blanks();
        if (!typed.percent || !ahead.take_word("CI")) return std::nullopt;
        ahead.take_any({":", ","});
        ahead.skip_blanks();
        at_ = ahead.at_;
        return typed.value();
    }

    void limits(TypedStatistic& statistic) {
        statistic.lower = number();
        skip_blanks();
        if (!take_any({",", ";", "-", "\xE2\x80\x93", "\xE2\x80\x94"}) && !take_word("to")) {
            fail(at_, "the upper limit is missing; write the limits like [50,72] or (50-72)");
        }
        skip_blanks();
        statistic.upper = number();
        // Limits of a percentage are percentages, with the sign or without.
        for (TypedNumber* limit : {&*statistic.lower, &*statistic.upper}) {
            if (!limit->word.empty()) continue;
            if (limit->percent && !statistic.value.percent && statistic.value.word.empty()) {
                fail(limit->offset, "the limit is in percent, but its value is not");
            }
            limit->percent = limit->percent || statistic.value.percent;
        }
    }

    std::string option_;
    std::string text_;
    std::size_t at_ = 0;
};

// Where in the document a number stands -> where it was typed.
using Spots = std::map<std::string, Spot>;

// Decimals as typed, to be set on the records once the reader made them: a document has one count for value and limits.
struct TypedDecimals {
    int value = 0;
    std::optional<int> lower, upper;
};

struct Draft {
    Spots spots;
    std::map<std::string, TypedDecimals> decimals;  // by pointer of the statistic
};

Json::Object statistic_json(const TypedStatistic& typed, const std::string& pointer, const Scanner& scanner,
                            Draft& draft) {
    Json::Object object{{"value", typed.value.json()}};
    draft.spots[pointer] = scanner.spot(typed.value.offset);
    TypedDecimals& decimals = draft.decimals[pointer];
    decimals.value = typed.value.decimals();
    if (typed.lower) {
        object.emplace_back("lower", typed.lower->json());
        draft.spots[pointer + "/lower"] = scanner.spot(typed.lower->offset);
        decimals.lower = typed.lower->decimals();
    }
    if (typed.upper) {
        object.emplace_back("upper", typed.upper->json());
        draft.spots[pointer + "/upper"] = scanner.spot(typed.upper->offset);
        decimals.upper = typed.upper->decimals();
    }
    if (typed.level) object.emplace_back("level", *typed.level);
    return object;
}

const std::vector<std::string>& arm_keys() {
    static const std::vector<std::string> keys{"name", "n", "events", "follow-up", "median", "S(24)"};
    return keys;
}

std::string suggestion(const std::string& name, const std::vector<std::string>& candidates,
                       const std::string& otherwise) {
    const std::vector<std::string> near = nearest(name, candidates, 1);
    return near.empty() ? otherwise : "; did you mean " + near.front() + "?";
}

// The name goes on to the next "key=" or "S(24)=": names have blanks.
std::string arm_name(Scanner& scanner) {
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

struct TypedArm {
    std::string name;
    std::size_t name_offset = 0;
    Json::Object arm, result;  // of the trial's arms and of the analysis' arms
};

class ArmReader {
  public:
    ArmReader(const std::string& text, std::size_t index, Draft& draft)
        : scanner_("--arm", text), draft_(draft), index_(index) {
        typed_.name = "arm-" + std::to_string(index + 1);
    }

    TypedArm read() {
        // The name is needed first: it is part of the pointers of all other numbers.
        Scanner names = scanner_;
        find_name();
        scanner_ = names;
        result_pointer_ = support::pointer_append("/trials/0/analyses/0/arms", typed_.name);
        const std::string arm_pointer = support::pointer_append(std::string("/trials/0/arms"), index_);
        draft_.spots[arm_pointer] = scanner_.spot(typed_.name_offset);
        draft_.spots[result_pointer_] = scanner_.spot(typed_.name_offset);
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
        name = lower(name);
        if (name == "s" && scanner_.peek() == '(') return name;
        static constexpr std::string_view known[] = {"name", "n", "events", "follow-up", "median"};
        if (std::ranges::find(known, name) == std::end(known)) {
            scanner_.move_to(start);
            const std::string shown = name.empty() ? scanner_.next_word() : name;
            if (!shown.empty() && is_digit(shown.front())) {
                scanner_.fail(start, "\"" + shown + "\" belongs to no key; decimals are written with a point");
            }
            scanner_.fail(start, "there is no key \"" + shown + "\"" +
                                     suggestion(shown, arm_keys(),
                                                "; keys are name, n, events, follow-up, median and S(months)"));
        }
        take_equals(name);
        return name;
    }

    void take_equals(const std::string& name) {
        scanner_.skip_blanks();
        if (!scanner_.take("=")) scanner_.fail(scanner_.offset(), "\"=\" is missing behind " + name);
        scanner_.skip_blanks();
    }

    void once(const std::string& key, std::size_t offset) {
        if (std::ranges::find(seen_, key) != seen_.end()) scanner_.fail(offset, key + " is given twice");
        seen_.push_back(key);
    }

    // Reads ahead for name=.
    void find_name() {
        const std::string& text = scanner_.text();
        bool boundary = true;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (boundary && lower(std::string_view(text).substr(at, 4)) == "name") {
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
        const std::string key = lower(std::string_view(next).substr(0, equals));
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
        once(name, start);
        if (name == "name") {
            (void)arm_name(scanner_);
            return;
        }
        const std::size_t value_offset = scanner_.offset();
        if (name == "n") {
            const TypedNumber number = plain_number(name);
            draft_.spots[support::pointer_append(arm_pointer, "n")] = scanner_.spot(value_offset);
            typed_.arm.emplace_back("n", number.json());
            return;
        }
        if (name == "events") {
            TypedStatistic statistic;
            statistic.value = plain_number(name);
            add("events",
                statistic_json(statistic, support::pointer_append(result_pointer_, "events"), scanner_, draft_));
            return;
        }
        const TypedStatistic statistic = scanner_.statistic();
        refuse_percent(statistic, name);
        if (name == "median") {
            add("median",
                statistic_json(statistic, support::pointer_append(result_pointer_, "median"), scanner_, draft_));
            return;
        }
        const std::string pointer = support::pointer_append(result_pointer_, "follow_up");
        draft_.spots[pointer] = scanner_.spot(value_offset);
        draft_.decimals[pointer].value = statistic.value.decimals();
        Json::Object follow_up{{"median", statistic.value.json()}};
        if (statistic.lower)
            follow_up.emplace_back("range", Json::Array{statistic.lower->json(), statistic.upper->json()});
        add("follow_up", std::move(follow_up));
    }

    void milestone(std::size_t start) {
        scanner_.take("(");
        scanner_.skip_blanks();
        const TypedNumber time = scanner_.number();
        if (!time.word.empty() || time.percent) scanner_.fail(time.offset, "the time is a number of months");
        scanner_.skip_blanks();
        if (!scanner_.take(")"))
            scanner_.fail(scanner_.offset(), "\")\" is missing behind the time, which is in months");
        take_equals("S(" + time.digits + ")");
        once("S(" + time.digits + ")", start);
        const TypedStatistic statistic = scanner_.statistic();
        const std::string pointer =
            support::pointer_append(support::pointer_append(result_pointer_, "milestones"), milestones_.size());
        Json::Object object{{"time", time.json()}};
        for (auto& [key, value] : statistic_json(statistic, pointer, scanner_, draft_)) {
            object.emplace_back(key == "value" ? "survival" : key, std::move(value));
        }
        draft_.spots[pointer + "/time"] = scanner_.spot(time.offset);
        milestones_.emplace_back(std::move(object));
    }

    TypedNumber plain_number(const std::string& name) {
        TypedNumber number = scanner_.number();
        if (!number.word.empty() || number.percent) scanner_.fail(number.offset, name + " is a whole number");
        return number;
    }

    void refuse_percent(const TypedStatistic& statistic, const std::string& name) const {
        if (statistic.value.percent) scanner_.fail(statistic.value.offset, name + " is in months, not in percent");
        for (const auto& limit : {statistic.lower, statistic.upper}) {
            if (limit && limit->percent) scanner_.fail(limit->offset, name + " is in months, not in percent");
        }
    }

    void add(std::string key, Json::Object object) { typed_.result.emplace_back(std::move(key), std::move(object)); }

    Scanner scanner_;
    Draft& draft_;
    std::size_t index_;
    TypedArm typed_;
    std::string result_pointer_;
    std::vector<std::string> seen_;
    Json::Array milestones_;
};

// The arms that "B:A=" in front of a hazard ratio names; the scanner stands behind it then.
std::pair<std::string, std::string> contrast_arms(Scanner& scanner, const std::vector<TypedArm>& arms) {
    const std::size_t equals = scanner.text().rfind('=');
    if (equals == std::string::npos) {
        if (arms.size() < 2) scanner.fail(0, "a hazard ratio compares two arms; give --arm twice");
        return {arms[0].name, arms[1].name};
    }
    std::vector<std::string> names;
    for (const TypedArm& arm : arms) names.push_back(arm.name);
    const auto find = [&](std::size_t offset, std::size_t end) {
        std::size_t first = offset, last = end;
        while (first < last && is_blank(scanner.text()[first])) ++first;
        while (last > first && is_blank(scanner.text()[last - 1])) --last;
        const std::string wanted = scanner.text().substr(first, last - first);
        const auto found =
            std::ranges::find_if(names, [&](const std::string& name) { return lower(name) == lower(wanted); });
        if (found == names.end()) {
            std::string there;
            for (const std::string& name : names) there += (there.empty() ? "" : ", ") + name;
            scanner.fail(first, "there is no arm \"" + wanted + "\"; there is " + there);
        }
        return *found;
    };
    const std::size_t colon = scanner.text().find(':');
    if (colon == std::string::npos || colon > equals) scanner.fail(0, "write the arms as EXPERIMENTAL:CONTROL=RATIO");
    std::pair<std::string, std::string> pair{find(0, colon), find(colon + 1, equals)};
    scanner.move_to(equals + 1);
    return pair;
}

void refuse_rest(Scanner& scanner) {
    scanner.skip_blanks();
    if (!scanner.at_end()) scanner.fail(scanner.offset(), "\"" + scanner.next_word() + "\" was not expected here");
}

Json::Object p_value_json(const std::string& text, const std::string& pointer, Draft& draft) {
    Scanner scanner("--p", text);
    scanner.skip_blanks();
    scanner.take_any({"p", "P"});
    scanner.skip_blanks();
    std::string relation = "=";
    constexpr std::pair<std::string_view, std::string_view> spelt_relations[] = {
        {"<=", "<="}, {">=", ">="}, {"\xE2\x89\xA4", "<="}, {"\xE2\x89\xA5", ">="}, {"<", "<"}, {">", ">"}, {"=", "="}};
    for (const auto& [typed, canonical] : spelt_relations) {
        if (scanner.take(typed)) {
            relation = canonical;
            break;
        }
    }
    scanner.skip_blanks();
    const TypedNumber number = scanner.number();
    if (!number.word.empty() || number.percent) scanner.fail(number.offset, "a p-value is a number from 0 to 1");
    refuse_rest(scanner);
    draft.spots[pointer] = scanner.spot(number.offset);
    draft.decimals[pointer].value = number.decimals();
    Json::Object object{{"value", number.json()}};
    if (relation != "=") object.emplace_back("relation", relation);
    return object;
}

Json::Array contrasts_json(const TypedTrial& typed, const std::vector<TypedArm>& arms, Draft& draft) {
    Json::Array contrasts;
    const std::size_t count = std::max<std::size_t>(typed.hazard_ratios.size(), typed.p_values.empty() ? 0 : 1);
    if (typed.p_values.size() > count)
        throw UsageError("--p is given more often than --hr; give one p-value a hazard ratio");
    for (std::size_t i = 0; i < count; ++i) {
        const std::string pointer = support::pointer_append(std::string("/trials/0/analyses/0/contrasts"), i);
        Json::Object contrast;
        if (i < typed.hazard_ratios.size()) {
            Scanner scanner("--hr", typed.hazard_ratios[i]);
            const auto [experimental, control] = contrast_arms(scanner, arms);
            contrast = {{"experimental", experimental}, {"control", control}};
            draft.spots[pointer] = scanner.spot(0);
            scanner.skip_blanks();
            const TypedStatistic statistic = scanner.statistic();
            if (statistic.value.percent)
                scanner.fail(statistic.value.offset, "a hazard ratio is a plain number such as 0.69");
            refuse_rest(scanner);
            contrast.emplace_back(
                "hazard_ratio",
                statistic_json(statistic, support::pointer_append(pointer, "hazard_ratio"), scanner, draft));
        } else {
            if (arms.size() < 2) throw UsageError("--p compares two arms; give --arm twice");
            contrast = {{"experimental", arms[0].name}, {"control", arms[1].name}};
        }
        if (i < typed.p_values.size()) {
            contrast.emplace_back("p_value",
                                  p_value_json(typed.p_values[i], support::pointer_append(pointer, "p_value"), draft));
        }
        contrasts.emplace_back(std::move(contrast));
    }
    return contrasts;
}

// The faults of the reader, each at the number it speaks of.
[[noreturn]] void refuse(const support::InputError& error, const Spots& spots) {
    std::string message;
    for (const support::Fault& fault : error.faults()) {
        std::string pointer = fault.pointer;
        while (!pointer.empty() && !spots.contains(pointer))
            pointer.resize(pointer.rfind('/') == std::string::npos ? 0 : pointer.rfind('/'));
        const std::string problem = fault.problem + (fault.remedy.empty() ? "" : "; " + fault.remedy);
        message +=
            (message.empty() ? "" : "\n") + (spots.contains(pointer) ? described(spots.at(pointer), problem) : problem);
    }
    throw UsageError(message);
}

void set_decimals(Statistic& statistic, const TypedDecimals& typed, int least) {
    statistic.value.decimals = std::max(typed.value, least);
    if (statistic.lower && typed.lower) statistic.lower->decimals = std::max(*typed.lower, least);
    if (statistic.upper && typed.upper) statistic.upper->decimals = std::max(*typed.upper, least);
}

}  // namespace

Trial trial_from_text(const TypedTrial& typed) {
    if (typed.arms.empty())
        throw UsageError("--arm is missing; give one for each arm, such as --arm \"name=A n=402 median=57.1[50,72]\"");
    Draft draft;
    std::vector<TypedArm> arms;
    for (const std::string& text : typed.arms) {
        TypedArm arm = ArmReader(text, arms.size(), draft).read();
        for (const TypedArm& other : arms) {
            if (lower(other.name) == lower(arm.name)) {
                throw UsageError(
                    described({"--arm", text, arm.name_offset}, "there are two arms \"" + arm.name + "\""));
            }
        }
        arms.push_back(std::move(arm));
    }
    draft.spots["/trials/0/analyses/0/endpoint"] = {"--endpoint", typed.endpoint, 0};

    // The reader knows the endpoints by their exact spelling; typed letters may have any case, and all endpoints are
    // capitals.
    std::string endpoint = typed.endpoint;
    std::ranges::transform(endpoint, endpoint.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    Json::Array contrasts = contrasts_json(typed, arms, draft);
    Json::Array trial_arms;
    Json::Object results;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        arms[i].arm.emplace_back("role", arms.size() == 1 ? "single" : i == 0 ? "experimental" : "control");
        trial_arms.emplace_back(std::move(arms[i].arm));
        results.emplace_back(arms[i].name, std::move(arms[i].result));
    }
    Json::Object analysis{{"id", lower(endpoint)}, {"endpoint", endpoint}, {"arms", std::move(results)}};
    if (!contrasts.empty()) analysis.emplace_back("contrasts", std::move(contrasts));
    Json::Object trial{
        {"id", trial_id}, {"arms", std::move(trial_arms)}, {"analyses", Json::Array{std::move(analysis)}}};
    const Json document(
        Json::Object{{"format", "hersurv-catalogue"}, {"version", 1}, {"trials", Json::Array{std::move(trial)}}});

    Trial result;
    try {
        result = read_document(support::write_json(document, -1), "command line").trials.at(0);
    } catch (const support::InputError& error) {
        refuse(error, draft.spots);
    }
    Analysis& read = result.analyses.at(0);
    const auto decimals_at = [&](const std::string& pointer) -> const TypedDecimals& {
        return draft.decimals.at(pointer);
    };
    for (ArmResult& arm : read.arms) {
        const std::string pointer = support::pointer_append("/trials/0/analyses/0/arms", arm.arm);
        if (!arm.median.empty())
            set_decimals(arm.median.front(), decimals_at(support::pointer_append(pointer, "median")), 0);
        for (Milestone& milestone : arm.milestones) {
            for (Statistic& statistic : milestone.survival) {
                set_decimals(statistic, decimals_at(statistic.from.pointer), least_decimals_of_ratios);
            }
        }
        for (FollowUp& follow_up : arm.follow_up) {
            const auto found = draft.decimals.find(support::pointer_append(pointer, "follow_up"));
            if (found != draft.decimals.end()) follow_up.median_months.decimals = found->second.value;
        }
    }
    for (std::size_t i = 0; i < read.contrasts.size(); ++i) {
        const std::string pointer = support::pointer_append(std::string("/trials/0/analyses/0/contrasts"), i);
        if (!read.contrasts[i].hazard_ratio.empty()) {
            set_decimals(read.contrasts[i].hazard_ratio.front(),
                         decimals_at(support::pointer_append(pointer, "hazard_ratio")), least_decimals_of_ratios);
        }
        for (PValue& p_value : read.contrasts[i].p_values) {
            p_value.value.decimals = decimals_at(support::pointer_append(pointer, "p_value")).value;
        }
    }
    return result;
}

}  // namespace hersurv::catalogue
