// LaTeX: a `table` or `longtable` environment a table, with booktabs rules, to be put into a paper; compiles with
// pdflatex.
#include <fmt/format.h>

#include "render/characters.hpp"
#include "render/layout.hpp"
#include <algorithm>
#include <cmath>
#include <iterator>

namespace hersurv::render {

extern const Format latex_format;

namespace {

// Sizes of type, the larger first: how many characters a line holds, and how many of them are as wide as the space
// between two columns. All but the last fit the one column of an article as LaTeX sets it, the last an A4 page with
// margins of 2.5 cm.
struct TypeSize {
    std::string_view commands;
    int line_width;
    int gap;
};

constexpr TypeSize type_sizes[] = {
    {"\\small", 72, 3},
    {"\\footnotesize\\setlength{\\tabcolsep}{4pt}", 80, 2},
    {"\\scriptsize\\setlength{\\tabcolsep}{3pt}", 91, 2},
    {"\\footnotesize\\setlength{\\tabcolsep}{3.5pt}", 105, 2},
};

// A table of more lines does not fit a page for certain: it is set over pages.
constexpr std::size_t most_lines_of_page = 35;

struct Macro {
    char32_t code;
    std::string_view latex;
};

// In the order of their code points. Other characters stay as they are: inputenc knows the letters of European
// languages.
constexpr Macro macros[] = {
    {'"', "{''}"},
    {'#', "\\#"},
    {'$', "\\$"},
    {'%', "\\%"},
    {'&', "\\&"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'\\', "\\textbackslash{}"},
    {'^', "\\textasciicircum{}"},
    {'_', "\\_"},
    {'`', "\\textasciigrave{}"},
    {'{', "\\{"},
    {'|', "\\textbar{}"},
    {'}', "\\}"},
    {'~', "\\textasciitilde{}"},
    {0xa0, "~"},
    {0xa7, "\\S{}"},
    {0xa9, "\\textcopyright{}"},
    {0xab, "$\\ll$"},
    {0xac, "$\\neg$"},
    {0xae, "\\textregistered{}"},
    {0xb0, "$^{\\circ}$"},
    {0xb1, "$\\pm$"},
    {0xb2, "$^{2}$"},
    {0xb3, "$^{3}$"},
    {0xb5, "$\\mu$"},
    {0xb6, "\\P{}"},
    {0xb7, "$\\cdot$"},
    {0xb9, "$^{1}$"},
    {0xbb, "$\\gg$"},
    {0xbc, "$\\frac{1}{4}$"},
    {0xbd, "$\\frac{1}{2}$"},
    {0xbe, "$\\frac{3}{4}$"},
    {0xd7, "$\\times$"},
    {0xf7, "$\\div$"},
    {0x391, "A"},
    {0x392, "B"},
    {0x393, "$\\Gamma$"},
    {0x394, "$\\Delta$"},
    {0x395, "E"},
    {0x396, "Z"},
    {0x397, "H"},
    {0x398, "$\\Theta$"},
    {0x399, "I"},
    {0x39a, "K"},
    {0x39b, "$\\Lambda$"},
    {0x39c, "M"},
    {0x39d, "N"},
    {0x39e, "$\\Xi$"},
    {0x39f, "O"},
    {0x3a0, "$\\Pi$"},
    {0x3a1, "P"},
    {0x3a3, "$\\Sigma$"},
    {0x3a4, "T"},
    {0x3a5, "$\\Upsilon$"},
    {0x3a6, "$\\Phi$"},
    {0x3a7, "X"},
    {0x3a8, "$\\Psi$"},
    {0x3a9, "$\\Omega$"},
    {0x3b1, "$\\alpha$"},
    {0x3b2, "$\\beta$"},
    {0x3b3, "$\\gamma$"},
    {0x3b4, "$\\delta$"},
    {0x3b5, "$\\varepsilon$"},
    {0x3b6, "$\\zeta$"},
    {0x3b7, "$\\eta$"},
    {0x3b8, "$\\theta$"},
    {0x3b9, "$\\iota$"},
    {0x3ba, "$\\kappa$"},
    {0x3bb, "$\\lambda$"},
    {0x3bc, "$\\mu$"},
    {0x3bd, "$\\nu$"},
    {0x3be, "$\\xi$"},
    {0x3bf, "o"},
    {0x3c0, "$\\pi$"},
    {0x3c1, "$\\rho$"},
    {0x3c2, "$\\varsigma$"},
    {0x3c3, "$\\sigma$"},
    {0x3c4, "$\\tau$"},
    {0x3c5, "$\\upsilon$"},
    {0x3c6, "$\\varphi$"},
    {0x3c7, "$\\chi$"},
    {0x3c8, "$\\psi$"},
    {0x3c9, "$\\omega$"},
    {0x2002, "\\enspace{}"},
    {0x2003, "\\quad{}"},
    {0x2009, "\\,"},
    {0x200a, "\\,"},
    {0x2010, "-"},
    {0x2011, "-"},
    {0x2012, "--"},
    {0x2013, "--"},
    {0x2014, "---"},
    {0x2015, "---"},
    {0x2018, "{`}"},
    {0x2019, "'"},
    {0x201c, "{``}"},
    {0x201d, "''"},
    {0x201e, "{,,}"},
    {0x2020, "$\\dagger$"},
    {0x2021, "$\\ddagger$"},
    {0x2022, "$\\bullet$"},
    {0x2026, "\\ldots{}"},
    {0x202f, "\\,"},
    {0x2030, "\\textperthousand{}"},
    {0x2032, "$'$"},
    {0x2033, "$''$"},
    {0x2070, "$^{0}$"},
    {0x2074, "$^{4}$"},
    {0x2075, "$^{5}$"},
    {0x2076, "$^{6}$"},
    {0x2077, "$^{7}$"},
    {0x2078, "$^{8}$"},
    {0x2079, "$^{9}$"},
    {0x207b, "$^{-}$"},
    {0x2080, "$_{0}$"},
    {0x2081, "$_{1}$"},
    {0x2082, "$_{2}$"},
    {0x2083, "$_{3}$"},
    {0x2084, "$_{4}$"},
    {0x2085, "$_{5}$"},
    {0x2086, "$_{6}$"},
    {0x2087, "$_{7}$"},
    {0x2088, "$_{8}$"},
    {0x2089, "$_{9}$"},
    {0x20ac, "\\texteuro{}"},
    {0x2122, "\\texttrademark{}"},
    {0x2190, "$\\leftarrow$"},
    {0x2191, "$\\uparrow$"},
    {0x2192, "$\\rightarrow$"},
    {0x2193, "$\\downarrow$"},
    {0x2194, "$\\leftrightarrow$"},
    {0x2202, "$\\partial$"},
    {0x2206, "$\\Delta$"},
    {0x2208, "$\\in$"},
    {0x2211, "$\\sum$"},
    {0x2212, "$-$"},
    {0x221a, "$\\surd$"},
    {0x221d, "$\\propto$"},
    {0x221e, "$\\infty$"},
    {0x222b, "$\\int$"},
    {0x223c, "$\\sim$"},
    {0x2248, "$\\approx$"},
    {0x2260, "$\\neq$"},
    {0x2261, "$\\equiv$"},
    {0x2264, "$\\leq$"},
    {0x2265, "$\\geq$"},
    {0x226a, "$\\ll$"},
    {0x226b, "$\\gg$"},
};
static_assert(std::is_sorted(std::begin(macros), std::end(macros),
                             [](const Macro& a, const Macro& b) { return a.code < b.code; }));

std::string_view macro_of(char32_t code) {
    const auto* found = std::lower_bound(std::begin(macros), std::end(macros), code,
                                         [](const Macro& macro, char32_t value) { return macro.code < value; });
    return found != std::end(macros) && found->code == code ? found->latex : std::string_view();
}

std::string latex_escaped(std::string_view text) {
    std::string result;
    char before = 0;
    for (std::size_t position = 0; position < text.size();) {
        const Character character = next_character(text, position);
        const std::string_view macro = macro_of(character.code);
        const char c = character.bytes.size() == 1 ? character.bytes.front() : '\0';
        // "--", ",,", "''", "?`" and "!`" would be drawn as one other character.
        if (c != 0 && c == before && std::string_view("-,'").find(c) != std::string_view::npos) result += "{}";
        result += macro.empty() ? character.bytes : macro;
        before = c;
    }
    return result;
}

// Text that may be broken inside words too long for a line: after the joints of names and addresses. TeX breaks after
// hyphens by itself.
std::string breakable(std::string_view text) {
    constexpr std::size_t long_word = 12;
    constexpr std::string_view joints = "/+_:.,;&=?%";
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string_view word = text.substr(0, end);
        const auto breaks = [&](std::size_t at) {
            return joints.find(word[at]) != std::string_view::npos &&
                   joints.find(word[at + 1]) == std::string_view::npos;
        };
        for (std::size_t at = 0; end > long_word && at + 1 < word.size();) {
            if (!breaks(at++)) continue;
            result += latex_escaped(word.substr(0, at)) + "\\allowbreak{}";
            word.remove_prefix(at);
            at = 0;
        }
        result += latex_escaped(word);
        if (end < text.size()) result += ' ';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

// A cell; after \\ or a rule, "[", "*" and "(" would be taken for an argument.
std::string cell_latex(const LayoutCell& cell, bool in_paragraph = false) {
    std::string_view text = cell.text;
    std::string result;
    if (!text.empty() && std::string_view("[*(").find(text.front()) != std::string_view::npos) result = "{}";
    if (!cell.number) return result + (in_paragraph ? breakable(text) : latex_escaped(text));
    // The hyphens of numbers are minus signs, but a hyphen alone is none.
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool minus = text[i] == '-' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
        if (!minus) continue;
        result += latex_escaped(text.substr(0, i)) + "$-$";
        text.remove_prefix(i + 1);
        i = static_cast<std::size_t>(-1);
    }
    return result + latex_escaped(text);
}

void add_row(std::string& text, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text += " & ";
        text += cells[i];
    }
    text += " \\\\\n";
}

// Columns of average characters that the widest piece of a word takes that TeX does not break: capitals are wide.
double widest_piece(std::string_view text) {
    constexpr double more_of_capital = 0.4;
    double widest = 0;
    double piece = 0;
    for (std::size_t position = 0; position < text.size();) {
        const Character character = next_character(text, position);
        const bool capital = character.code >= 'A' && character.code <= 'Z';
        piece += display_width(character.bytes) + (capital ? more_of_capital : 0);
        widest = std::max(widest, piece);
        if (character.code == ' ' || character.code == '-') piece = 0;
    }
    return widest;
}

// "l", "r", or a paragraph where the text would be too wide for the page.
std::string column_specification(const LayoutTable& table, std::size_t column, int width, int line_width) {
    if (table.columns[column].numeric) return "r";
    double widest = width;
    bool fits = true;
    for (const auto& row : table.rows) {
        if (row[column].number) continue;
        fits = fits && display_width(row[column].text) <= width;
        widest = std::max(widest, widest_piece(row[column].text));
    }
    if (fits) return "l";
    // A piece that no column could hold is an address, which breaks elsewhere.
    const double share = std::min(widest, 1.5 * width) / line_width;
    return fmt::format(">{{\\raggedright\\arraybackslash}}p{{{:.2f}\\linewidth}}", share);
}

// How a table is set: its size of type and the widths of its columns.
struct Setting {
    const TypeSize* size = nullptr;
    std::vector<ColumnWidth> widths;
};

Setting setting_of(const LayoutTable& table) {
    Setting setting;
    for (const TypeSize& size : type_sizes) {
        setting = {&size, fit_columns(table, size.line_width, size.gap)};
        int total = -size.gap;
        for (const ColumnWidth& column : setting.widths) total += column.width + size.gap;
        if (total <= size.line_width) break;
    }
    return setting;
}

std::size_t lines_of(const LayoutTable& table, const Setting& setting) {
    std::size_t lines = 0;
    for (const auto& row : table.rows) {
        std::size_t height = 1;
        for (std::size_t i = 0; i < row.size(); ++i) {
            height = std::max(height, wrap_cell(table, row[i], i, setting.widths[i]).size());
        }
        lines += height;
    }
    return lines;
}

// Everything between the upper rule and the first row, with these rules.
std::string heads_latex(const LayoutTable& table, const Setting& setting) {
    std::string text = "    \\toprule\n";
    if (!table.groups.empty()) {
        std::vector<std::string> heads;
        std::string rules;
        for (const LayoutGroup& group : table.groups) {
            const std::string head = latex_escaped(group.head);
            heads.push_back(head.empty() ? "" : fmt::format("\\multicolumn{{{}}}{{c}}{{{}}}", group.count, head));
            if (!head.empty()) {
                rules += fmt::format("\\cmidrule(lr){{{}-{}}}", group.first + 1, group.first + group.count);
            }
        }
        text += "    ";
        add_row(text, heads);
        text += "    " + rules + "\n";
    }
    // Long heads take several rows and are on the rule.
    std::vector<std::vector<std::string>> heads;
    std::size_t height = 1;
    for (std::size_t i = 0; i < setting.widths.size(); ++i) {
        heads.push_back(wrap(table.columns[i].title, setting.widths[i].width, true));
        height = std::max(height, heads.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
        std::vector<std::string> cells;
        for (const auto& head : heads) {
            const std::size_t first = height - head.size();
            cells.push_back(line < first ? "" : cell_latex({head[line - first]}));
        }
        text += "    ";
        add_row(text, cells);
    }
    return text + "    \\midrule\n";
}

std::string rows_latex(const LayoutTable& table, const Setting& setting) {
    std::string text;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        if (table.rule_before[r]) text += "    \\midrule\n";
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < setting.widths.size(); ++i)
            cells.push_back(
                cell_latex(table.rows[r][i], display_width(table.rows[r][i].text) > setting.widths[i].width));
        text += "    ";
        add_row(text, cells);
    }
    return text;
}

std::string columns_latex(const LayoutTable& table, const Setting& setting) {
    std::string text = "{@{}";
    for (std::size_t i = 0; i < setting.widths.size(); ++i)
        text += column_specification(table, i, setting.widths[i].width, setting.size->line_width);
    return text + "@{}}\n";
}

// "\caption{...}" and its label with `end` after them; nothing if there is no caption.
std::string caption_latex(const LayoutTable& table, const std::string& caption, std::string_view end) {
    if (caption.empty()) return {};
    std::string label;
    for (const char c : table.name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        label += plain ? c : '-';
    }
    std::string text = "  \\caption{" + latex_escaped(caption) + "}";
    if (!label.empty()) text += "\n  \\label{tab:" + label + "}";
    return text + std::string(end) + "\n";
}

std::string footnotes_latex(const LayoutTable& table) {
    std::string text;
    for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
        text += "    " + breakable(table.footnotes[i]) + (i + 1 < table.footnotes.size() ? "\\par" : "") + "\n";
    }
    return text;
}

// Over as many pages as it needs, with its heads on each.
std::string long_table_latex(const LayoutTable& table, const std::string& caption, const Setting& setting) {
    const std::string heads = heads_latex(table, setting);
    const std::size_t columns = table.columns.size();
    std::string text =
        fmt::format("\\begingroup\n  {}\\setlength{{\\LTcapwidth}}{{\\linewidth}}\n", setting.size->commands);
    text += "  \\begin{longtable}" + columns_latex(table, setting);
    text += caption_latex(table, caption, "\\tabularnewline") + heads + "    \\endfirsthead\n";
    if (!caption.empty())
        text +=
            fmt::format("    \\multicolumn{{{}}}{{@{{}}l}}{{\\tablename~\\thetable{{}} (continued)}} \\\\\n", columns);
    text += heads + "    \\endhead\n    \\midrule\n";
    text +=
        fmt::format("    \\multicolumn{{{}}}{{@{{}}l}}{{(continued on the next page)}} \\\\\n    \\endfoot\n", columns);
    text += "    \\bottomrule\n    \\endlastfoot\n" + rows_latex(table, setting) + "  \\end{longtable}\n";
    // Such a table takes a number, even if no caption tells it.
    if (caption.empty()) text += "  \\addtocounter{table}{-1}\n";
    if (!table.footnotes.empty())
        text += "  \\noindent\\footnotesize\\raggedright\n" + footnotes_latex(table) + "  \\par\n";
    return text + "\\endgroup\n";
}

// With a caption it floats; without one it stays below its heading.
std::string short_table_latex(const LayoutTable& table, const std::string& caption, const Setting& setting) {
    const bool floats = !caption.empty();
    std::string text =
        floats ? "\\begin{table}[htbp]\n  \\centering\n" : "\\par\\nopagebreak\\medskip\n\\begingroup\\centering\n";
    text += caption_latex(table, caption, "");
    text += fmt::format("  {}\n  \\begin{{tabular}}", setting.size->commands) + columns_latex(table, setting);
    text += heads_latex(table, setting) + rows_latex(table, setting);
    text += "    \\bottomrule\n  \\end{tabular}\n";
    if (!table.footnotes.empty()) {
        text += "  \\par\\smallskip\n  \\begin{minipage}{\\linewidth}\n    \\footnotesize\\raggedright\n" +
                footnotes_latex(table) + "  \\end{minipage}\n";
    }
    return text + (floats ? "\\end{table}\n" : "  \\par\\endgroup\\medskip\n");
}

std::string table_latex(const LayoutTable& table, const std::string& caption) {
    const Setting setting = setting_of(table);
    return lines_of(table, setting) > most_lines_of_page ? long_table_latex(table, caption, setting)
                                                         : short_table_latex(table, caption, setting);
}

std::string render_latex(const Report& report, const RenderOptions& options) {
    const LayoutReport layout = lay_out(report, options, Controls::show);
    std::string text =
        "% In the preamble: \\usepackage{array,booktabs,longtable}; for wide tables also "
        "\\usepackage[margin=2.5cm]{geometry}\n"
        "% For LaTeX of 2020 or later; before that also \\usepackage[utf8]{inputenc} and \\usepackage{textcomp}\n";
    // One table is what a paper takes in: the title is its caption where it has no other.
    const bool bare = report.sections.empty();
    if (!layout.title.empty() && !bare) text += "\n\\section*{\\raggedright " + breakable(layout.title) + "}\n";
    for (const LayoutSection& section : layout.sections) {
        if (!section.heading.empty()) text += "\n\\subsection*{\\raggedright " + breakable(section.heading) + "}\n";
        for (const std::string& paragraph : section.paragraphs)
            text += "\n{\\raggedright " + breakable(paragraph) + "\\par}\n";
        if (section.table) {
            const std::string& caption = section.table->caption;
            text += '\n' + table_latex(*section.table, bare && caption.empty() ? layout.title : caption);
        }
        if (section.notes.empty()) continue;
        text += "\n\\begin{itemize}\\raggedright\n";
        for (const std::string& note : section.notes) text += "  \\item {}" + breakable(note) + "\n";
        text += "\\end{itemize}\n";
    }
    return text;
}

}  // namespace

const Format latex_format{"latex", "LaTeX tables (booktabs) for a paper", "tex", true, false, render_latex};

}  // namespace hersurv::render
