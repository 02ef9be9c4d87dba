// What is after a number in brackets or after a semicolon, by the words that papers use for it.
#include "catalogue/typed_statistic.hpp"

#include "catalogue/text.hpp"
#include <string_view>
#include <utility>

namespace hersurv::catalogue {
namespace {

// LaTeX writes the dash of a range as two.
bool take_dash(TypedScanner& scanner) { return scanner.take_any({"---", "--", "-"}); }

bool take_between_limits(TypedScanner& scanner) {
    return scanner.take_any({",", ";", "~"}) || scanner.take_phrase("to");
}

bool closes(char letter) { return letter == ')' || letter == ']'; }

bool take_confidence_word(TypedScanner& scanner) {
    if (scanner.take_any_phrase({"CI", "CIs", "confidence interval", "confidence intervals", "confidence limits"}) ||
        scanner.take("C.I."))
        return true;
    // "CI95%"
    TypedScanner ahead = scanner;
    ahead.skip_blanks();
    const std::string_view next = std::string_view(ahead.text()).substr(ahead.offset());
    if (next.size() < 3 || folded(next.substr(0, 2)) != "ci" || !is_digit(next[2])) return false;
    scanner.move_to(ahead.offset() + 2);
    return true;
}

// "95%", "95 %-"; nothing is taken where it is none.
std::optional<double> take_level_number(TypedScanner& scanner) {
    TypedScanner ahead = scanner;
    ahead.skip_blanks();
    if (!is_digit(ahead.peek())) return std::nullopt;
    const std::string& text = ahead.text();
    std::size_t end = ahead.offset();
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    TypedNumber typed;
    typed.digits = text.substr(ahead.offset(), end - ahead.offset());
    ahead.move_to(end);
    if (!ahead.take_percent()) return std::nullopt;
    typed.percent = true;
    ahead.take("-");
    scanner = ahead;
    return typed.value();
}

// The sides of a test and its name, in any order.
bool take_test(TypedScanner& scanner, TypedPValue& p) {
    const auto named = [&](std::string_view name) {
        if (p.test.find(name) == std::string::npos) p.test += (p.test.empty() ? "" : " ") + std::string(name);
    };
    bool taken = false;
    while (true) {
        if (scanner.take_any_phrase({"one sided", "1 sided", "one tailed", "1 tailed"})) {
            named("one-sided");
        } else if (scanner.take_any_phrase({"unstratified"})) {
            named("unstratified");
        } else if (scanner.take_any_phrase({"stratified"})) {
            named("stratified");
        } else if (scanner.take_any_phrase({"log rank", "logrank"})) {
            named("log-rank");
        } else if (!scanner.take_any_phrase({"two sided", "2 sided", "two tailed", "2 tailed", "nominal", "test", "by",
                                             "from", "with", "the", "a"})) {
            return taken;
        }
        taken = true;
    }
}

bool take_p_word(TypedScanner& scanner) { return scanner.take_any_phrase({"p value", "pvalue", "p"}); }

void take_relation_and_number(TypedScanner& scanner, TypedPValue& p) {
    constexpr std::pair<std::string_view, std::string_view> spelt_relations[] = {
        {"<=", "<="}, {">=", ">="}, {"<", "<"}, {">", ">"}, {"=", "="}, {":", "="}};
    for (const auto& [typed, canonical] : spelt_relations) {
        if (!scanner.take(typed)) continue;
        p.relation = canonical;
        break;
    }
    p.value = scanner.number();
    if (!p.value.word.empty() || p.value.percent) scanner.fail(p.value.offset, "a p-value is a number from 0 to 1");
    // "(two-sided)", "by log-rank test"
    TypedScanner ahead = scanner;
    const bool bracket = ahead.take("(");
    if (take_test(ahead, p) && (!bracket || ahead.take(")"))) scanner = ahead;
}

class StatisticReader {
  public:
    StatisticReader(TypedScanner& scanner, Sort sort, Beside beside)
        : scanner_(scanner), sort_(sort), beside_(beside) {}

    TypedStatistic read() {
        read_.value = scanner_.number(sort_);
        while (part()) {
        }
        settle_percent();
        if (sort_ == Sort::time) settle_unit();
        return std::move(read_);
    }

    // "HR (95% CI) 0.74": the level of what follows.
    void take_level_before() {
        TypedScanner ahead = scanner_;
        if (ahead.take("(") && take_level(ahead) && ahead.take(")"))
            scanner_ = ahead;
        else
            read_.level.reset();
    }

  private:
    bool part() {
        const TypedScanner mark = scanner_;
        scanner_.skip_blanks();
        if (scanner_.peek() == '(' || scanner_.peek() == '[') {
            bracket();
            return true;
        }
        const bool separated = scanner_.take_any({";", ","});
        if (take_level(scanner_)) {
            limits_of_level();
            return true;
        }
        if (take_p_value()) return true;
        if (!separated && !read_.lower && scanner_.number_follows()) {
            limits();
            return true;
        }
        scanner_ = mark;
        return false;
    }

    void bracket() {
        const char opening = scanner_.peek(), closing = opening == '[' ? ']' : ')';
        scanner_.move_to(scanner_.offset() + 1);
        do {
            item();
        } while (scanner_.take_any({";", ","}));
        scanner_.skip_blanks();
        if (!scanner_.take({&closing, 1}))
            scanner_.fail(scanner_.offset(), std::string("\"") + closing + "\" is missing after the confidence limits");
    }

    void item() {
        if (take_level(scanner_)) return limits_of_level();
        if (take_spread()) return limits();
        if (take_p_value()) return;
        scanner_.skip_blanks();
        if (read_.lower) {
            TypedScanner p = scanner_;
            if (take_p_word(p))
                scanner_.fail(scanner_.offset(), "a p-value belongs to a hazard ratio, not to this value");
            scanner_.fail(scanner_.offset(), "\"" + scanner_.next_word() + "\" was not expected here");
        }
        limits();
    }

    // "95% CI", "95%-CI:", "CI 95%", and what may follow it; the level is .95 if none is given.
    bool take_level(TypedScanner& scanner) {
        TypedScanner ahead = scanner;
        ahead.skip_blanks();
        const std::size_t start = ahead.offset();
        std::optional<double> level = take_level_number(ahead);
        if (ahead.take_any_phrase({"CrI", "credible interval", "credibility interval"}))
            scanner.fail(start, "a credible interval is not a confidence interval; leave it out");
        if (!take_confidence_word(ahead)) return false;
        if (!level) level = take_level_number(ahead);
        if (!read_.lower) ahead.take_any({":", ",", "=", ";"});
        if (read_.lower && (read_.says_confidence || read_.quartiles || ahead.number_follows()))
            scanner.fail(start, "there is a second interval; give only one");
        read_.level = level;
        read_.says_confidence = true;
        scanner = ahead;
        return true;
    }

    // "95% CI [0.58, 0.94]"; or the level after its limits, "(0.58-0.94; 95% CI)".
    void limits_of_level() {
        if (read_.lower) return;
        scanner_.skip_blanks();
        const char opening = scanner_.peek();
        if (opening != '(' && opening != '[') return limits();
        scanner_.move_to(scanner_.offset() + 1);
        limits();
        if (!scanner_.take(opening == '[' ? "]" : ")"))
            scanner_.fail(scanner_.offset(), "the bracket after the confidence limits is not closed");
    }

    bool take_spread() {
        scanner_.skip_blanks();
        const std::size_t start = scanner_.offset();
        const bool quartiles =
            scanner_.take_any_phrase({"IQR", "interquartile range", "inter quartile range", "quartiles", "Q1 Q3"});
        const bool range = !quartiles && scanner_.take_any_phrase({"range", "min max"});
        if ((quartiles || range) && beside_ != Beside::spread)
            scanner_.fail(start, quartiles ? "an interquartile range is not a confidence interval; leave it out"
                                           : "a range is not a confidence interval; leave it out");
        if (scanner_.take_any_phrase({"SE", "SEM", "SD", "standard error", "standard deviation"}) ||
            scanner_.take("\xC2\xB1"))
            scanner_.fail(start, "a standard error or deviation is not a confidence interval; leave it out");
        if (!quartiles && !range) return false;
        if (read_.lower) scanner_.fail(start, "there is a second interval; give only one");
        scanner_.take_any({":", ",", "=", ";"});
        read_.quartiles = quartiles;
        return true;
    }

    bool take_p_value() {
        if (beside_ != Beside::p_value || read_.p) return false;
        TypedScanner ahead = scanner_;
        TypedPValue p;
        take_test(ahead, p);
        if (!take_p_word(ahead)) return false;
        take_relation_and_number(ahead, p);
        scanner_ = ahead;
        read_.p = std::move(p);
        return true;
    }

    void limits() {
        read_.lower = limit();
        scanner_.skip_blanks();
        const bool dash = take_dash(scanner_);
        if (!dash && !take_between_limits(scanner_))
            scanner_.fail(scanner_.offset(), "the upper limit is missing; write the limits like [50,72] or (50-72)");
        scanner_.skip_blanks();
        read_.upper = dash && open_end() ? open_limit() : limit();
        if (!read_.lower->beyond.empty()) scanner_.fail(read_.lower->offset, "a lower limit is a number, NR or NE");
        // Limits of a percentage are percentages, with the sign or without.
        for (TypedNumber* part : {&*read_.lower, &*read_.upper}) {
            if (!part->word.empty()) continue;
            if (part->percent && !read_.value.percent && read_.value.word.empty())
                scanner_.fail(part->offset, "the limit is in percent, but its value is not");
            part->percent = part->percent || read_.value.percent;
        }
    }

    TypedNumber limit() { return scanner_.number(sort_); }

    // "(11.7-)", "(11.7 - -)"
    bool open_end() {
        TypedScanner ahead = scanner_;
        take_dash(ahead);
        ahead.skip_blanks();
        if (!closes(ahead.peek())) return false;
        scanner_ = ahead;
        return true;
    }

    // Nothing stands for the upper limit: it could not be estimated.
    [[nodiscard]] TypedNumber open_limit() const {
        TypedNumber open;
        open.word = "NE";
        open.offset = scanner_.offset();
        return open;
    }

    // "38 (31-45)%"
    void settle_percent() {
        if (sort_ != Sort::plain || read_.value.percent || !read_.value.word.empty() || !read_.lower) return;
        if (!scanner_.take_percent()) return;
        for (TypedNumber* part : {&read_.value, &*read_.lower, &*read_.upper}) part->percent = part->word.empty();
    }

    // Value and limits have one unit, wherever it is typed.
    void settle_unit() {
        std::optional<TimeUnit> unit = scanner_.time_unit();  // after the limits
        for (const std::optional<TypedNumber>& part : {std::optional(read_.value), read_.lower, read_.upper}) {
            if (!part || !part->unit) continue;
            if (unit && *unit != *part->unit)
                scanner_.fail(part->offset, "one value is in " + std::string(to_string(*part->unit)) + ", another in " +
                                                std::string(to_string(*unit)) +
                                                "; write estimate and limits in the same unit");
            unit = part->unit;
        }
        read_.unit = unit.value_or(TimeUnit::months);
    }

    TypedScanner& scanner_;
    Sort sort_;
    Beside beside_;
    TypedStatistic read_;
};

// "stratified hazard ratio for progression or death, ", "aHR="; false if no hazard ratio is named.
bool take_hazard_ratio_words(TypedScanner& scanner, std::optional<bool>& stratified, std::optional<bool>& adjusted) {
    TypedScanner ahead = scanner;
    while (true) {
        if (ahead.take_phrase("stratified")) {
            stratified = true;
        } else if (ahead.take_phrase("unstratified")) {
            stratified = false;
        } else if (ahead.take_any_phrase({"adjusted", "multivariable", "multivariate"})) {
            adjusted = true;
        } else if (ahead.take_any_phrase({"unadjusted", "univariable", "univariate", "crude"})) {
            adjusted = false;
        } else {
            break;
        }
    }
    if (ahead.take_phrase("aHR")) {
        adjusted = true;
    } else if (!ahead.take_any_phrase({"HR", "hazard ratio", "hazards ratio"})) {
        return false;
    }
    if (ahead.take("(HR)")) ahead.skip_blanks();
    if (ahead.take_phrase("for")) {
        while (is_letter(ahead.peek()) || is_blank(ahead.peek()) || ahead.peek() == '-')
            ahead.move_to(ahead.offset() + 1);
    }
    if (!ahead.take_any({":", ",", "="})) (void)ahead.take_any_phrase({"of", "was", "is"});
    scanner = ahead;
    return true;
}

}  // namespace

TypedStatistic read_typed_statistic(TypedScanner& scanner, Sort sort, Beside beside) {
    return StatisticReader(scanner, sort, beside).read();
}

bool hazard_ratio_follows(TypedScanner scanner) {
    std::optional<bool> ignored;
    return take_hazard_ratio_words(scanner, ignored, ignored);
}

TypedStatistic read_typed_hazard_ratio(TypedScanner& scanner) {
    const bool wrapped = scanner.take("(");
    std::optional<bool> stratified, adjusted;
    StatisticReader reader(scanner, Sort::plain, Beside::p_value);
    if (take_hazard_ratio_words(scanner, stratified, adjusted)) {
        reader.take_level_before();
        (void)scanner.take_any({":", ",", "="});
    }
    TypedStatistic ratio = reader.read();
    if (wrapped && !scanner.take(")")) scanner.fail(scanner.offset(), "the bracket before it is not closed");
    ratio.stratified = stratified;
    ratio.adjusted = adjusted;
    return ratio;
}

TypedPValue read_typed_p_value(TypedScanner& scanner) {
    TypedPValue p;
    take_test(scanner, p);
    (void)take_p_word(scanner);
    take_relation_and_number(scanner, p);
    return p;
}

support::Json::Object statistic_json(const TypedStatistic& typed, const std::string& pointer,
                                     const TypedScanner& scanner, Spots& spots) {
    support::Json::Object object{{"value", typed.value.json()}};
    spots[pointer] = scanner.spot(typed.value.offset);
    for (const auto& [key, limit] : {std::pair("lower", &typed.lower), std::pair("upper", &typed.upper)}) {
        if (!*limit) continue;
        object.emplace_back(key, (*limit)->json());
        spots[support::pointer_append(pointer, key)] = scanner.spot((*limit)->offset);
    }
    if (typed.unit != TimeUnit::months) object.emplace_back("unit", std::string(to_string(typed.unit)));
    if (typed.level) object.emplace_back("level", *typed.level);
    if (typed.stratified) object.emplace_back("stratified", *typed.stratified);
    if (typed.adjusted) object.emplace_back("adjusted", *typed.adjusted);
    std::string note;
    if (!typed.value.beyond.empty()) note = "published as " + typed.value.beyond;
    if (typed.upper && !typed.upper->beyond.empty())
        note += (note.empty() ? "" : ", ") + ("upper limit published as " + typed.upper->beyond);
    if (!note.empty()) object.emplace_back("note", note);
    return object;
}

support::Json::Object p_value_json(const TypedPValue& typed, const std::string& pointer, const TypedScanner& scanner,
                                   Spots& spots) {
    spots[pointer] = scanner.spot(typed.value.offset);
    support::Json::Object object{{"value", typed.value.json()}};
    if (typed.relation != "=") object.emplace_back("relation", typed.relation);
    if (!typed.test.empty()) object.emplace_back("test", typed.test);
    return object;
}

}  // namespace hersurv::catalogue
