// LaTeX: a `table` environment a table, with booktabs rules, to be put into a paper; compiles with pdflatex.
#include <fmt/format.h>

#include "characters.hpp"
#include "layout.hpp"
#include <algorithm>
#include <cmath>
#include <iterator>

namespace hersurv::report {

extern const Format latex_format;

namespace {

// Sizes of type, the larger first: how many characters a line holds in the one column of an article, and how many of
// them are as wide as the space between two columns.
struct TypeSize {
    std::string_view commands;
    int line_width;
    int gap;
};

constexpr TypeSize type_sizes[] = {{"\\small", 72, 3}, {"\\footnotesize\\setlength{\\tabcolsep}{4pt}", 80, 2}};

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

std::string escaped(std::string_view text) {
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

// A cell; after \\ or a rule, "[", "*" and "(" would be taken for an argument.
std::string cell_latex(const LayoutCell& cell) {
    std::string_view text = cell.text;
    std::string result;
    if (!text.empty() && std::string_view("[*(").find(text.front()) != std::string_view::npos) result = "{}";
    if (!cell.number) return result + escaped(text);
    // The hyphens of numbers are minus signs, but a hyphen alone is none.
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool minus = text[i] == '-' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
        if (!minus) continue;
        result += escaped(text.substr(0, i)) + "$-$";
        text.remove_prefix(i + 1);
        i = static_cast<std::size_t>(-1);
    }
    return result + escaped(text);
}

// A cell of a table; an interval of a column that gives way stands in two lines.
std::string cell_latex(const LayoutTable& table, const LayoutCell& cell, std::size_t column, const ColumnWidth& in) {
    const std::vector<std::string> parts = cell.number ? wrap_cell(table, cell, column, in) : std::vector{cell.text};
    if (parts.size() == 1) return cell_latex(cell);
    std::string text = table.columns[column].numeric ? "\\begin{tabular}[t]{@{}r@{}}" : "\\begin{tabular}[t]{@{}l@{}}";
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? " \\\\ " : "") + cell_latex({parts[i], true});
    return text + "\\end{tabular}";
}

void add_row(std::string& text, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text += " & ";
        text += cells[i];
    }
    text += " \\\\\n";
}

// "l", "r", or a paragraph where the text would be too wide for the page.
std::string column_specification(const LayoutTable& table, std::size_t column, int width, int line_width) {
    if (table.columns[column].numeric) return "r";
    const bool fits = std::ranges::all_of(
        table.rows, [&](const auto& row) { return row[column].number || display_width(row[column].text) <= width; });
    if (fits) return "l";
    return fmt::format(">{{\\raggedright\\arraybackslash}}p{{{:.2f}\\linewidth}}", 1.0 * width / line_width);
}

void add_table(std::string& text, const LayoutTable& table, const std::string& caption) {
    const TypeSize* size = std::begin(type_sizes);
    std::vector<ColumnWidth> widths;
    for (;; ++size) {
        widths = fit_columns(table, size->line_width, size->gap);
        int total = -size->gap;
        for (const ColumnWidth& column : widths) total += column.width + size->gap;
        if (total <= size->line_width || size == std::prev(std::end(type_sizes))) break;
    }
    text += "\\begin{table}[htbp]\n  \\centering\n";
    if (!caption.empty()) text += "  \\caption{" + escaped(caption) + "}\n";
    std::string label;
    for (const char c : table.name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        label += plain ? c : '-';
    }
    if (!caption.empty() && !label.empty()) text += "  \\label{tab:" + label + "}\n";
    text += fmt::format("  {}\n  \\begin{{tabular}}{{@{{}}", size->commands);
    for (std::size_t i = 0; i < widths.size(); ++i)
        text += column_specification(table, i, widths[i].width, size->line_width);
    text += "@{}}\n    \\toprule\n";

    if (!table.groups.empty()) {
        std::vector<std::string> heads;
        std::string rules;
        for (const LayoutGroup& group : table.groups) {
            const std::string head = escaped(group.head);
            heads.push_back(head.empty() ? "" : fmt::format("\\multicolumn{{{}}}{{c}}{{{}}}", group.count, head));
            if (!head.empty()) {
                rules += fmt::format("\\cmidrule(lr){{{}-{}}}", group.first + 1, group.first + group.count);
            }
        }
        text += "    ";
        add_row(text, heads);
        text += "    " + rules + "\n";
    }
    // Long heads take several rows and stand on the rule.
    std::vector<std::vector<std::string>> heads;
    std::size_t height = 1;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        heads.push_back(wrap(table.columns[i].title, widths[i].width, true));
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
    text += "    \\midrule\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        if (table.rule_before[r]) text += "    \\midrule\n";
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < widths.size(); ++i)
            cells.push_back(cell_latex(table, table.rows[r][i], i, widths[i]));
        text += "    ";
        add_row(text, cells);
    }
    text += "    \\bottomrule\n  \\end{tabular}\n";
    if (!table.footnotes.empty()) {
        text += "  \\par\\smallskip\n  \\begin{minipage}{\\linewidth}\n    \\footnotesize\\raggedright\n";
        for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
            text += "    " + escaped(table.footnotes[i]) + (i + 1 < table.footnotes.size() ? "\\par" : "") + "\n";
        }
        text += "  \\end{minipage}\n";
    }
    text += "\\end{table}\n";
}

std::string render_latex(const Report& report, const RenderOptions& options) {
    const LayoutReport layout = lay_out(report, options, Controls::show);
    std::string text =
        "% In the preamble: \\usepackage{array,booktabs}\n"
        "% For LaTeX of 2020 or later; before that also \\usepackage[utf8]{inputenc} and \\usepackage{textcomp}\n";
    // One table is what a paper takes in: the title is its caption where it has no other.
    const bool bare = report.sections.empty();
    if (!layout.title.empty() && !bare) text += "\n\\section*{" + escaped(layout.title) + "}\n";
    for (const LayoutSection& section : layout.sections) {
        if (!section.heading.empty()) text += "\n\\subsection*{" + escaped(section.heading) + "}\n";
        for (const std::string& paragraph : section.paragraphs) text += "\n" + escaped(paragraph) + "\n";
        if (section.table) {
            const std::string& caption = section.table->caption;
            text += '\n';
            add_table(text, *section.table, bare && caption.empty() ? layout.title : caption);
        }
        if (section.notes.empty()) continue;
        text += "\n\\begin{itemize}\n";
        for (const std::string& note : section.notes) text += "  \\item {}" + escaped(note) + "\n";
        text += "\\end{itemize}\n";
    }
    return text;
}

}  // namespace

const Format latex_format{"latex", "LaTeX tables (booktabs) to be put into a paper", "tex", true, false, render_latex};

}  // namespace hersurv::report
