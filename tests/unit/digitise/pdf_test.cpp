// Figures as PDF, written here object by object.
#include "hersurv/digitise.hpp"
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "vector_figure.hpp"
#include <cmath>

namespace {

using namespace hersurv;
using namespace hersurv::test;

constexpr double page_height = 400;

// Objects 1 (catalogue), 2 (pages), 3 (the page), 4 (its content), 5 (Helvetica), 6 and on: `more`.
std::string pdf_of(const std::string& content, const std::vector<std::string>& more = {},
                   const std::string& resources = "") {
    std::vector<std::string> objects = {
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 400] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> " +
            resources + " >> >>",
        "<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content + "\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
    objects.insert(objects.end(), more.begin(), more.end());
    std::string pdf = "%PDF-1.4\n";
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        places.push_back(pdf.size());
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::size_t table = pdf.size();
    pdf += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t place : places) {
        std::string digits = std::to_string(place);
        pdf += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    return pdf + "trailer << /Size " + std::to_string(objects.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           std::to_string(table) + "\n%%EOF\n";
}

std::string form_of(const std::string& content) {
    return "<< /Type /XObject /Subtype /Form /BBox [-10 -10 10 10] /Length " + std::to_string(content.size()) +
           " >>\nstream\n" + content + "\nendstream";
}

std::string text_of(double x, double y, const std::string& text) {
    std::ostringstream out;
    out << "BT /F1 12 Tf " << x << " " << page_height - y << " Td (" << text << ") Tj ET\n";
    return out.str();
}

std::string line_of_pdf(double x1, double y1, double x2, double y2) {
    std::ostringstream out;
    out.precision(10);
    out << x1 << " " << page_height - y1 << " m " << x2 << " " << page_height - y2 << " l S\n";
    return out.str();
}

std::string axes_of_pdf() {
    std::string content = "0 G 1 w\n" + line_of_pdf(Frame::x(0), Frame::y(0), Frame::x(48), Frame::y(0)) +
                          line_of_pdf(Frame::x(0), Frame::y(0), Frame::x(0), Frame::y(1));
    for (int month = 0; month <= 48; month += 12)
        content += line_of_pdf(Frame::x(month), Frame::y(0), Frame::x(month), Frame::y(0) + 5) +
                   text_of(Frame::x(month) - (month < 10 ? 3.3 : 6.7), Frame::y(0) + 20, std::to_string(month));
    for (int tenth = 0; tenth <= 100; tenth += 20)
        content += line_of_pdf(Frame::x(0), Frame::y(tenth / 100.0), Frame::x(0) - 5, Frame::y(tenth / 100.0)) +
                   text_of(Frame::x(0) - 30, Frame::y(tenth / 100.0) + 4, std::to_string(tenth));
    return content + text_of(260, 365, "Time \\(months\\)");
}

std::string curves_of_pdf(const std::string& marks) {
    std::ostringstream content;
    content.precision(10);
    const std::vector<DrawnArm> arms = two_arms();
    const char* const colours[] = {"0.839216 0.152941 0.156863", "0.121569 0.466667 0.705882"};
    for (std::size_t k = 0; k < 2; ++k) {
        content << "q " << colours[k] << " RG " << colours[k] << " rg 1.5 w\n";
        const char* command = "m";
        for (const auto& [x, y] : corners_of(arms[k])) {
            content << x << " " << page_height - y << " " << command << "\n";
            command = "l";
        }
        content << "S\n";
        for (const double time : arms[k].censored) {
            const double x = Frame::x(time), y = page_height - Frame::y(survival_of(arms[k], time));
            if (marks == "form") content << "q 1 0 0 1 " << x << " " << y << " cm /M0 Do Q\n";
            // The sign is 0.584 wide in Helvetica; its middle is 0.23 above the baseline.
            if (marks == "text") content << "BT /F1 10 Tf 1 0 0 1 " << x - 2.92 << " " << y - 2.3 << " Tm (+) Tj ET\n";
        }
        content << "Q\n";
    }
    return content.str();
}

void require_pdf_curves(const digitise::Reading& reading) {
    const std::vector<DrawnArm> arms = two_arms();
    REQUIRE(reading.arms.size() == 2);
    for (const digitise::Arm& read : reading.arms) {
        const DrawnArm& drawn = read.colour == "#d62728" ? arms[0] : arms[1];
        double worst = 0;
        for (double time = 0.001; time < drawn.ends_at; time += 0.0173) {
            double survival = 1;
            for (const auto& point : read.curve)
                if (point.time <= time + 1e-6) survival = point.survival;
            worst = std::max(worst, std::abs(survival - survival_of(drawn, time + 1e-6)));
        }
        CHECK(worst < 1e-5);
        REQUIRE(read.censored.size() == drawn.censored.size());
        for (std::size_t i = 0; i < drawn.censored.size(); ++i)
            CHECK(read.censored[i] == Approx(drawn.censored[i]).margin(1e-3 * 48));
    }
}

std::string pdf_message(const std::string& bytes, const digitise::Hints& hints = {}) {
    try {
        (void)digitise::read(bytes, "figure.pdf", hints);
    } catch (const support::InputError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a PDF gives back its curves and its censor marks, drawn as forms or as text", "[digitise]") {
    const std::string cross = form_of("1 w -3 0 m 3 0 l 0 -3 m 0 3 l S");
    require_pdf_curves(digitise::read(
        pdf_of(axes_of_pdf() + curves_of_pdf("form"), {cross}, "/XObject << /M0 6 0 R >>"), "figure.pdf"));
    require_pdf_curves(digitise::read(pdf_of(axes_of_pdf() + curves_of_pdf("text")), "figure.pdf"));
}

TEST_CASE("PDF files that are damaged, loop or have no figure end with one message", "[digitise]") {
    const std::string whole = pdf_of(axes_of_pdf() + curves_of_pdf(""));
    CHECK(pdf_message(pdf_of("BT /F1 12 Tf 100 200 Td (Results) Tj ET")).find("no axes") != std::string::npos);
    CHECK(pdf_message(pdf_of("")).find("no axes") != std::string::npos);
    digitise::Hints hints;
    hints.page = 7;
    CHECK(pdf_message(whole, hints).find("has 1 page; there is no page 7") != std::string::npos);
    CHECK(pdf_message("%PDF-1.4\nnothing\n").find("figure.pdf") != std::string::npos);
    // A form that draws itself twice.
    CHECK(pdf_message(pdf_of("/M0 Do",
                             {"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /M0 6 0 R >> "
                              ">> /Length 15 >>\nstream\n/M0 Do /M0 Do  \nendstream"},
                             "/XObject << /M0 6 0 R >>"))
              .find("figure.pdf") != std::string::npos);
    // Cut anywhere, it is read or refused.
    for (std::size_t length = 1; length < whole.size(); length += whole.size() / 40)
        CHECK_FALSE(pdf_message(whole.substr(0, length)).empty());
    // Operators without operands, too many of them, unbalanced states.
    CHECK_FALSE(
        pdf_message(pdf_of("Q Q Q re l c v y h W n Tj TJ cm gs Do scn SCN cs d Tf ] >> ) > [ [ [ << (")).empty());
}
