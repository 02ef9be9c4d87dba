// The page of a selection as text: its parts in their order, its data block, and that texts of a catalogue stay texts.
#include "report/page/page.hpp"

#include "hersurv/catalogue.hpp"

#include <catch2/catch.hpp>

#include "catalogue/builtin.hpp"
#include "support/json_required.hpp"
#include <string>

using namespace hersurv;

namespace {

// The page of the catalogue to fill in, with a text of it exchanged.
struct Made {
    catalogue::Catalogue catalogue;
    report::PageInput input;

    explicit Made(const std::string& name = "MY-TRIAL") {
        std::string text(catalogue::builtin_template());
        text.replace(text.find("MY-TRIAL"), std::string("MY-TRIAL").size(), name);
        catalogue = catalogue::read_document(text, "template.json");
        const catalogue::Trial& trial = catalogue.trials.front();
        input.selection.trials = {&trial};
        for (const auto& analysis : trial.analyses) {
            auto evidence = std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, analysis));
            input.selection.fits.push_back({&trial, &analysis, evidence, {fit::fit_auto(evidence)}});
        }
    }
    [[nodiscard]] std::string page(const report::PageOptions& options = {}) const {
        return report::page(input, options);
    }
};

support::Json data_of(const std::string& page) {
    const std::string start = "<script type=\"application/json\" id=\"data\">";
    const std::size_t at = page.find(start) + start.size();
    return support::parse_json(page.substr(at, page.find("</script>", at) - at), "data");
}

int count(const std::string& text, const std::string& part) {
    int n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

render::Problem problem(const std::string& level, bool acknowledged) {
    render::Problem result;
    result.level = level;
    result.rule = "a-rule";
    result.place = "place of a " + level;
    result.message = "5 < 4 & more";
    result.acknowledged = acknowledged;
    result.acknowledgement = "known as such";
    return result;
}

}  // namespace

TEST_CASE("a page has its parts in the order of their weight, once each", "[report][page]") {
    const std::string page = Made().page();
    std::size_t last = 0;
    for (const char* part :
         {"<!DOCTYPE html>", "Content-Security-Policy", "<style>", "<h1>MY-TRIAL", "<nav ", "<main ", "id=\"curves\"",
          "id=\"explorer\" hidden", "id=\"across\"", "id=\"tables\"", "data-table=\"trials\"", "data-table=\"medians\"",
          "data-table=\"by-class\"", "id=\"trials\"", "id=\"audit\"", "id=\"method\"", "id=\"data\"", "</html>"}) {
        INFO(part);
        CHECK(count(page, part) == 1);
        CHECK(page.find(part) >= last);
        last = std::max(last, page.find(part));
    }
    CHECK(count(page, "<figure class=\"drawn\" data-name=\"MY-TRIAL-os-final\">") == 1);
    CHECK(page.find("https://doi.org/10.1000/example") != std::string::npos);
}

TEST_CASE("the data of a page are the numbers of its curves", "[report][page]") {
    const Made made;
    report::PageOptions options;
    options.figures.horizon_months = 48;
    const support::Json data = data_of(made.page(options));
    const auto& curves = *support::required(data, "curves").if_array();
    const fit::FittedModel& model = made.input.selection.fits.front().models.front();
    REQUIRE(curves.size() == 2);
    for (std::size_t arm = 0; arm < 2; ++arm) {
        const auto times = support::required_numbers(curves[arm], "time");
        const auto survival = support::required_numbers(curves[arm], "survival"),
                   lower = support::required_numbers(curves[arm], "lower");
        REQUIRE(times.size() == survival.size());
        CHECK(times.front() == 0);
        CHECK(times.back() == 48);
        CHECK(support::required_number(curves[arm], "supported") == model.arms[arm].supported_months);
        CHECK(support::required_number(curves[arm], "reference") == 1);  // the control arm is the second one
        for (int month = 0; month <= 24; ++month)
            CHECK(std::ranges::find(times, static_cast<double>(month)) != times.end());
        for (std::size_t k = 0; k < times.size(); ++k) {
            const auto exact = fit::survival_at(model, arm, times[k], options.figures.interval.options());
            CHECK(survival[k] == exact.value);
            CHECK(lower[k] == *exact.lower);
        }
        CHECK(support::required(curves[arm], "published").if_array()->size() == 2);  // median and milestone
    }
}

TEST_CASE("no text of a catalogue ends the data of a page or opens an element", "[report][page]") {
    const std::string name = "</script><script>alert(1)</script><!--&\xe2\x80\xae";
    const std::string page = Made(name).page();
    CHECK(count(page, "<script") == 2);
    CHECK(count(page, "</script>") == 2);
    CHECK(count(page, "<!--") == 0);
    CHECK(count(page, "\xe2\x80\xae") == 0);
    const support::Json data = data_of(page);
    const support::Json& first = support::required(data, "curves").if_array()->front();
    CHECK(support::required_text(first, "trial") == "</script><script>alert(1)</script><!--&");
}

TEST_CASE("acknowledged findings are told apart from open ones", "[report][page]") {
    Made made;
    CHECK(made.page().find("No findings, apart from acknowledged ones.") != std::string::npos);
    made.input.problems.found = {problem("warning", false), problem("error", true)};
    const std::string page = made.page();
    const std::size_t open = page.find("place of a warning"), acknowledged = page.find("place of a error");
    CHECK(open < page.find("<details>"));
    CHECK(acknowledged > page.find("<details>"));
    CHECK(count(page, "5 &lt; 4 &amp; more") == 2);
    CHECK(count(page, "known as such") == 1);
    CHECK(page.find("<h3>Errors</h3>") == std::string::npos);
}

TEST_CASE("a page without curves says so and has its tables", "[report][page]") {
    Made made;
    made.catalogue.trials.front().analyses.clear();
    made.input.selection.fits.clear();
    const std::string page = made.page();
    CHECK(page.find("has no survival results of this study") != std::string::npos);
    CHECK(count(page, "<svg") == 0);
    CHECK(count(page, "data-table=\"trials\"") == 1);
    CHECK(support::required(data_of(page), "curves").if_array()->empty());
}

TEST_CASE("a page of several models is a usage error", "[report][page]") {
    Made made;
    auto& models = made.input.selection.fits.front().models;
    models.push_back(models.front());
    CHECK_THROWS_AS(made.page(), support::UsageError);
}
