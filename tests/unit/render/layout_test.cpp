// The text format at the width of a terminal, and each format's bytes for one small table.
#include <catch2/catch.hpp>

#include "render/cell_text.hpp"
#include "render/formats.hpp"
#include <algorithm>
#include <random>
#include <sstream>

using namespace hersurv::render;

namespace {

std::string render(std::string_view name, const Report& report, const RenderOptions& options = {}) {
    const Format* found = find_format(name);
    REQUIRE(found != nullptr);
    return found->render(report, options);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

// Columns of text that holds one-column characters only.
int characters(const std::string& text) {
    return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// A column with what it lacks at its default.
Column column(std::string key, std::string title, Audience audience = Audience::both, bool numeric = false,
              std::string group = "") {
    return {std::move(key), std::move(title), audience, numeric, std::move(group)};
}

Report report_of(Table table) {
    Report report;
    report.table = std::move(table);
    return report;
}

// CLEOPATRA's numbers are those of Swain et al., Lancet Oncol 2020;21:519-530; the other row is made up.
Table small_table() {
    const auto reported = Number::reported;
    Number survival = reported(0.37, 0);
    survival.percent = true;
    Table table;
    table.name = "medians";
    table.caption = "Median overall survival";
    table.columns = {column("trial", "Trial"),
                     column("median_months", "", Audience::machine),
                     column("status", "", Audience::machine),
                     column("", "Pertuzumab", Audience::human, true, "Median OS, months (95% CI)"),
                     column("", "Control", Audience::human, true, "Median OS, months (95% CI)"),
                     column("survival_96", "S(96), %", Audience::both, true)};
    table.rows = {
        {std::string("CLEOPATRA"), reported(57.1, 1), std::string("reported"),
         Interval{reported(57.1, 1), reported(50, 0), reported(72, 0)},
         Interval{reported(40.8, 1), reported(36, 0), reported(48, 0)}, survival},
        {std::string("A & B <i>"), Number::missing(Status::not_reached), std::string("NR"),
         Interval{Number::missing(Status::not_reached), reported(49.3, 1), Number::missing(Status::not_estimable)},
         Interval{Number::derived(-1.5, 1), {}, {}}, Number::missing(Status::not_reported)}};
    table.rule_before = {1};
    table.footnotes = {"HR below 1 favours pertuzumab."};
    return table;
}

}  // namespace

TEST_CASE("golden: one small table in every format", "[report]") {
    const Report report = report_of(small_table());
    const auto same = [&](const char* name, const std::string& expected) {
        INFO(name);
        CHECK(render(name, report) == expected);
    };
    same("text", R"(Median overall survival
-----------------------------------------------
           Median OS, months (95% CI)
           --------------------------
Trial        Pertuzumab       Control  S(96), %
-----------------------------------------------
CLEOPATRA  57.1 (50–72)  40.8 (36–48)        37

A & B <i>  NR (49.3–NE)          -1.5         -
-----------------------------------------------
NR: not reached; NE: not estimable; -: not reported.
HR below 1 favours pertuzumab.
)");
    same("json", R"({
  "rows": [
    {"trial":"CLEOPATRA","median_months":57.1,"status":"reported","survival_96":0.37},
    {"trial":"A & B <i>","median_months":null,"status":"NR","survival_96":null}
  ]
}
)");
    same("jsonl", R"({"trial":"CLEOPATRA","median_months":57.1,"status":"reported","survival_96":0.37}
{"trial":"A & B <i>","median_months":null,"status":"NR","survival_96":null}
)");
    same("csv", R"(trial,median_months,status,survival_96
CLEOPATRA,57.1,reported,0.37
A & B <i>,,NR,
)");
    same("tsv",
         "trial\tmedian_months\tstatus\tsurvival_96\n"
         "CLEOPATRA\t57.1\treported\t0.37\n"
         "A & B <i>\t\tNR\t\n");
    same("markdown", R"(**Median overall survival**

| Trial | Median OS, months (95% CI): Pertuzumab | Median OS, months (95% CI): Control | S(96), % |
| :--- | ---: | ---: | ---: |
| CLEOPATRA | 57.1 (50–72) | 40.8 (36–48) | 37 |
| A &amp; B &lt;i&gt; | NR (49.3–NE) | -1.5 | - |

- NR: not reached; NE: not estimable; -: not reported.
- HR below 1 favours pertuzumab.
)");
    same(
        "latex",
        R"(% In the preamble: \usepackage{array,booktabs,longtable}; for wide tables also \usepackage[margin=2.5cm]{geometry}
% For LaTeX of 2020 or later; before that also \usepackage[utf8]{inputenc} and \usepackage{textcomp}

\begin{table}[htbp]
  \centering
  \caption{Median overall survival}
  \label{tab:medians}
  \small
  \begin{tabular}{@{}lrrr@{}}
    \toprule
     & \multicolumn{2}{c}{Median OS, months (95\% CI)} &  \\
    \cmidrule(lr){2-3}
    Trial & Pertuzumab & Control & S(96), \% \\
    \midrule
    CLEOPATRA & 57.1 (50--72) & 40.8 (36--48) & 37 \\
    \midrule
    A \& B \textless{}i\textgreater{} & NR (49.3--NE) & $-$1.5 & - \\
    \bottomrule
  \end{tabular}
  \par\smallskip
  \begin{minipage}{\linewidth}
    \footnotesize\raggedright
    NR: not reached; NE: not estimable; -: not reported.\par
    HR below 1 favours pertuzumab.
  \end{minipage}
\end{table}
)");
    const std::string html = render("html", report);
    CHECK(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <meta charset=\"utf-8\">\n"));
    CHECK(html.find("  <title>Median overall survival</title>\n") != std::string::npos);
    CHECK(html.substr(html.find("<body>")) == R"(<body>
  <div class="table">
  <table>
    <caption>Median overall survival</caption>
    <colgroup span="1"></colgroup>
    <colgroup span="2"></colgroup>
    <colgroup span="1"></colgroup>
    <thead>
      <tr><th scope="col" rowspan="2">Trial</th><th scope="colgroup" colspan="2">Median OS, months (95% CI)</th><th scope="col" rowspan="2" class="number">S(96), %</th></tr>
      <tr><th scope="col" class="number">Pertuzumab</th><th scope="col" class="number">Control</th></tr>
    </thead>
    <tbody>
      <tr><th scope="row">CLEOPATRA</th><td class="number">57.1 (50–72)</td><td class="number">40.8 (36–48)</td><td class="number">37</td></tr>
    </tbody>
    <tbody>
      <tr><th scope="row">A &amp; B &lt;i&gt;</th><td class="number">NR (49.3–NE)</td><td class="number">&minus;1.5</td><td class="number">-</td></tr>
    </tbody>
  </table>
  </div>
  <ul class="footnotes">
    <li>NR: not reached; NE: not estimable; -: not reported.</li>
    <li>HR below 1 favours pertuzumab.</li>
  </ul>
</body>
</html>
)");
}

TEST_CASE("golden: sections in text and markdown", "[report]") {
    Report report;
    report.title = "Report";
    report.table = small_table();
    Table table;
    table.columns = {column("trial", "Trial"), column("n_patients", "n", Audience::both, true)};
    table.rows = {{std::string("A"), 402L}};
    report.sections = {{"Overall survival", {"One.", "2. Two."}, table, {"First note.", "Second note."}},
                       {"Nothing", {}, {}, {}}};
    CHECK(render("text", report) ==
          "Report\n\nOverall survival\n\nOne.\n\n2. Two.\n\n----------\nTrial    n\n----------\nA      "
          "402\n----------\n\n"
          "- First note.\n- Second note.\n\nNothing\n");
    CHECK(render("markdown", report) ==
          "# Report\n\n## Overall survival\n\nOne.\n\n2\\. Two.\n\n| Trial | n |\n| :--- | ---: |\n| A | 402 |\n\n"
          "- First note.\n- Second note.\n\n## Nothing\n");
    RenderOptions color;
    color.color = true;
    CHECK(lines_of(render("text", report, color)).at(0) == "\x1b[1mReport\x1b[0m");
    CHECK(lines_of(render("text", report, color)).at(2) == "\x1b[1mOverall survival\x1b[0m");
}

TEST_CASE("text: paragraphs, notes and footnotes are wrapped at the width", "[report]") {
    std::string words;
    for (int i = 0; i < 60; ++i) words += (i > 0 ? " " : "") + std::string(1 + i % 9, 'w');
    Table table;
    table.columns = {column("trial", "Trial")};
    table.footnotes = {words};
    Report report;
    report.title = words;
    report.sections = {{words, {words}, table, {words}}};
    for (const int width : {20, 40, 80}) {
        RenderOptions options;
        options.width = width;
        const std::string text = render("text", report, options);
        int longest = 0;
        std::size_t w = 0;
        for (const std::string& line : lines_of(text)) longest = std::max(longest, characters(line));
        for (const char c : text) w += c == 'w' ? 1 : 0;
        CHECK(longest <= width);
        CHECK(longest > width - 10);
        CHECK(w == 5 * static_cast<std::size_t>(std::count(words.begin(), words.end(), 'w')));
    }
}

TEST_CASE("text: the columns of wide and combining characters stay aligned", "[report]") {
    Table table;
    table.columns = {column("name", "Name"), column("value", "Value")};
    // e and a combining acute (one column), two ideographs (four), an emoji (two), a precomposed letter (one).
    for (const char* name : {"e\xcc\x81", "\xe8\x87\xa8\xe5\xba\x8a", "\xf0\x9f\x98\x80", "\xc3\xa9", "abcdef"}) {
        table.rows.push_back({std::string(name), std::string("v")});
    }
    CHECK(render("text", report_of(table)) ==
          "-------------\nName    Value\n-------------\ne\xcc\x81       v\n\xe8\x87\xa8\xe5\xba\x8a    "
          "v\n\xf0\x9f\x98\x80      v\n"
          "\xc3\xa9       v\nabcdef  v\n-------------\n");
}

TEST_CASE("text: marks hang behind the digits", "[report]") {
    Table table;
    table.columns = {column("value", "Value", Audience::both, true)};
    Number marked = Number::reported(2.5, 1);
    marked.extrapolated = true;
    Number flagged = marked;
    flagged.flagged = true;
    table.rows = {{Number::reported(10.5, 1)}, {marked}, {flagged}};
    const std::vector<std::string> lines = lines_of(render("text", report_of(table)));
    CHECK(lines.at(3) == "10.5");
    CHECK(lines.at(4) == " 2.5†");
    CHECK(lines.at(5) == " 2.5†*");
}

TEST_CASE("text: a table that can be fitted is fitted, and no number is broken", "[report]") {
    // Pieces of words and numbers are so chosen that the narrowest layout has at most 80 columns.
    std::mt19937 random(7);
    const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
    int wrapped = 0;
    for (int round = 0; round < 300; ++round) {
        Table table;
        std::vector<std::string> numbers, pieces;
        const int columns = 2 + below(5);
        for (int c = 0; c < columns; ++c) {
            std::string title;
            for (int w = 0; w <= below(5); ++w) title += (w > 0 ? " " : "") + std::string(1 + below(8), 'h');
            table.columns.push_back(column("c" + std::to_string(c), title, Audience::human, c > 0 && below(3) > 0,
                                           below(3) == 0 ? "Group of columns" : ""));
        }
        for (int r = 0; r < 1 + below(6); ++r) {
            auto& row = table.rows.emplace_back();
            for (const Column& column : table.columns) {
                const double value = below(1000) / 10.0;
                if (column.numeric && below(2) == 0) {
                    row.push_back(Interval{Number::reported(value, 1), Number::reported(value / 2, 1),
                                           Number::reported(value * 2, 1)});
                } else if (column.numeric) {
                    row.push_back(Number::reported(value, 1));
                } else {
                    std::string text;
                    for (int w = 0; w <= below(12); ++w) {
                        text += w > 0 ? " " : "";
                        for (int p = 0; p <= below(4); ++p) {
                            pieces.push_back(std::string(2 + below(8), static_cast<char>('a' + below(26))));
                            if (p > 0) text += "-+/"[below(3)];
                            text += pieces.back();
                        }
                    }
                    row.push_back(text);
                }
                if (column.numeric) numbers.push_back(cell_text(row.back(), {}));
            }
        }
        const std::string text = render("text", report_of(table));
        INFO(text);
        const std::vector<std::string> lines = lines_of(text);
        for (const std::string& line : lines) REQUIRE(characters(line) <= 80);
        if (lines.size() > table.rows.size() + 8) ++wrapped;
        for (const std::string& piece : pieces) REQUIRE(text.find(piece) != std::string::npos);
        for (const std::string& number : numbers) REQUIRE(text.find(number) != std::string::npos);
    }
    CHECK(wrapped > 50);
}

TEST_CASE(
    "text: words are broken behind hyphens, pluses and slashes, and else only where they are as long as addresses",
    "[report]") {
    Table table;
    for (const char* title : {"Arm", "Model", "Note"}) table.columns.push_back(column(title, title));
    table.rows = {
        {std::string("margetuximab-based/trastuzumab+pertuzumab"), std::string("exponential"), std::string("-0.5")}};
    RenderOptions options;
    for (const int width : {12, 30, 36, 50}) {
        options.width = width;
        const std::string text = render("text", report_of(table), options);
        INFO(text);
        for (const char* whole : {"margetuximab", "trastuzumab", "pertuzumab", "exponential", "-0.5"})
            CHECK(text.find(whole) != std::string::npos);
    }
    options.width = 32;
    // On a narrow terminal row by row, if texts would be wrapped.
    CHECK(render("text", report_of(table), options).find("\n  Model: exponential\n  Note: -0.5\n") !=
          std::string::npos);
    const std::string address = "https://" + std::string(100, 'w');
    table.rows = {{address, std::string("a"), std::string("b")}};
    options.width = 80;
    for (const std::string& line : lines_of(render("text", report_of(table), options))) CHECK(characters(line) <= 80);
}

TEST_CASE("latex: a long table goes over pages with its heads on each, and a wide one has columns of paragraphs",
          "[report]") {
    Table table;
    table.name = "long table";
    table.columns = {column("arm", "Arm"), column("value", "Value", Audience::both, true), column("note", "Note")};
    const auto filled = [&](int rows, const std::string& note) {
        table.rows.clear();
        for (int r = 0; r < rows; ++r) table.rows.push_back({"arm-" + std::to_string(r), Number::derived(r, 1), note});
        return render("latex", report_of(table));
    };
    const auto count = [](const std::string& text, std::string_view part) {
        int n = 0;
        for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
        return n;
    };
    table.caption = "Long";
    for (const int rows : {1, 35}) {
        const std::string text = filled(rows, "x");
        CHECK(count(text, "\\begin{table}[htbp]") == 1);
        CHECK(count(text, "\\begin{longtable}") == 0);
        CHECK(count(text, "\\toprule") == 1);
    }
    std::string text = filled(36, "x");
    CHECK(count(text, "\\begin{table}") == 0);
    for (const char* once :
         {"\\begin{longtable}{@{}lrl@{}}", "\\end{longtable}", "\\endfirsthead", "\\endhead", "\\endfoot",
          "\\endlastfoot", "\\caption{Long}", "\\label{tab:long-table}", "(continued)"}) {
        CAPTURE(once);
        CHECK(count(text, once) == 1);
    }
    CHECK(count(text, "Arm & Value & Note") == 2);
    for (int r = 0; r < 36; ++r) CHECK(count(text, "arm-" + std::to_string(r) + " & ") == 1);
    CHECK(count(text, "\\addtocounter{table}{-1}") == 0);
    // Lines count, not rows; without a caption the table takes no number, and a short one stays where it is.
    const std::string prose =
        "several words and https://example.org/a/long/address?with=parts that fill more than a line";
    table.caption.clear();
    text = filled(30, prose);
    CHECK(count(text, "\\begin{longtable}") == 1);
    CHECK(count(text, "\\caption") == 0);
    CHECK(count(text, "\\addtocounter{table}{-1}") == 1);
    CHECK(count(text, "p{0.") == 1);
    CHECK(count(text, "/a/\\allowbreak{}") == 0);
    CHECK(count(text, "/\\allowbreak{}a/\\allowbreak{}long/") == 30);
    text = filled(3, prose);
    CHECK(count(text, "\\begin{table}") == 0);
    CHECK(count(text, "\\begingroup\\centering") == 1);
}

TEST_CASE("text: a table that cannot be fitted keeps its words and numbers whole", "[report]") {
    Table table;
    std::vector<Cell> row;
    for (int c = 0; c < 30; ++c) {
        table.columns.push_back(column("c" + std::to_string(c), "Column", Audience::both, c > 0));
        row.push_back(c > 0 ? Cell(Number::reported(1234.5 + c, 1)) : Cell(std::string("Trastuzumab-deruxtecan")));
    }
    table.rows = {row};
    // Row by row: the name as the head, a line for each column.
    const std::vector<std::string> lines = lines_of(render("text", report_of(table)));
    const auto head = std::ranges::find(lines, "Trastuzumab-deruxtecan");
    REQUIRE(lines.end() - head >= 30);
    for (int c = 1; c < 30; ++c) CHECK(head[c] == "  Column: " + std::to_string(1234 + c) + ".5");
}
