// Names of glyphs (Adobe Glyph List), those that labels, legends and censor marks are written with.
#include "digitise/pdf/font.hpp"
#include <algorithm>
#include <charconv>

namespace hersurv::digitise {

namespace {

struct GlyphName {
    std::string_view name;
    char32_t character;
};

constexpr GlyphName glyph_names[] = {{"space", U' '},
                                     {"exclam", U'!'},
                                     {"quotedbl", U'"'},
                                     {"numbersign", U'#'},
                                     {"dollar", U'$'},
                                     {"percent", U'%'},
                                     {"ampersand", U'&'},
                                     {"quotesingle", U'\''},
                                     {"quoteright", U'\''},
                                     {"quoteleft", U'\''},
                                     {"parenleft", U'('},
                                     {"parenright", U')'},
                                     {"asterisk", U'*'},
                                     {"plus", U'+'},
                                     {"comma", U','},
                                     {"hyphen", U'-'},
                                     {"minus", U'−'},
                                     {"period", U'.'},
                                     {"slash", U'/'},
                                     {"zero", U'0'},
                                     {"one", U'1'},
                                     {"two", U'2'},
                                     {"three", U'3'},
                                     {"four", U'4'},
                                     {"five", U'5'},
                                     {"six", U'6'},
                                     {"seven", U'7'},
                                     {"eight", U'8'},
                                     {"nine", U'9'},
                                     {"colon", U':'},
                                     {"semicolon", U';'},
                                     {"less", U'<'},
                                     {"equal", U'='},
                                     {"greater", U'>'},
                                     {"question", U'?'},
                                     {"at", U'@'},
                                     {"bracketleft", U'['},
                                     {"backslash", U'\\'},
                                     {"bracketright", U']'},
                                     {"underscore", U'_'},
                                     {"grave", U'`'},
                                     {"braceleft", U'{'},
                                     {"bar", U'|'},
                                     {"braceright", U'}'},
                                     {"asciitilde", U'~'},
                                     {"asciicircum", U'^'},
                                     {"periodcentered", U'·'},
                                     {"middot", U'·'},
                                     {"bullet", U'•'},
                                     {"endash", U'–'},
                                     {"emdash", U'—'},
                                     {"plusminus", U'±'},
                                     {"multiply", U'×'},
                                     {"degree", U'°'},
                                     {"lessequal", U'≤'},
                                     {"greaterequal", U'≥'},
                                     {"alpha", U'α'},
                                     {"beta", U'β'},
                                     {"gamma", U'γ'},
                                     {"mu", U'µ'},
                                     {"nbspace", U' '},
                                     {"fi", U'ﬁ'},
                                     {"fl", U'ﬂ'},
                                     {"circle", U'○'},
                                     {"filledbox", U'■'},
                                     {"a71", U'●'}};

}  // namespace

char32_t character_of_glyph(const std::string& name) {
    if (name.size() == 1) return static_cast<unsigned char>(name[0]);
    const auto* const found = std::find_if(std::begin(glyph_names), std::end(glyph_names),
                                           [&](const GlyphName& row) { return row.name == name; });
    if (found != std::end(glyph_names)) return found->character;
    // "uni00B7", "u00B7"; "zero.tnum" is a form of "zero".
    const std::size_t dot = name.find('.');
    if (dot != std::string::npos && dot > 0) return character_of_glyph(name.substr(0, dot));
    const std::string digits = name.starts_with("uni") ? name.substr(3, 4)
                               : name.starts_with("u") ? name.substr(1)
                                                       : "";
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() >= 4 && fault == std::errc() && end == digits.data() + digits.size()) return value;
    return 0;
}

}  // namespace hersurv::digitise
