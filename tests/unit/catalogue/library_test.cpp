// The library: what is compiled in, what is laid over it, and which names select what.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include <catch2/catch.hpp>

#include "catalogue/builtin.hpp"
#include "catalogue/folder.hpp"
#include "catalogue/merge.hpp"
#include "catalogue/names.hpp"
#include "catalogue/writer.hpp"
#include "evidence/constants.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace fs = std::filesystem;
using namespace hersurv;
using namespace hersurv::catalogue;
using Names = std::vector<std::string>;

namespace {

const std::string root = HERSURV_SOURCE_DIR;

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "hersurv-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string path() const { return path_.string(); }
    std::string put(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return (path_ / name).string();
    }

  private:
    fs::path path_;
};

std::string trial(const std::string& id, const std::string& aliases = "", const std::string& more = "") {
    return R"({"id": ")" + id + R"(", "aliases": [)" + aliases +
           R"(], "arms": [{"id": "x"}, {"id": "y"}], "analyses": [{"id": "os", "endpoint": "OS",
        "arms": {"x": {"median": {"value": 20}}, "y": {"median": {"value": 10}}}}])" +
           more + "}";
}
std::string document(const std::string& trials, const std::string& more = "") {
    return R"({"format": "hersurv-catalogue", "version": 1, )" + more + R"("trials": [)" + trials + "]}";
}
Catalogue read(const std::string& text, const std::string& file = "f.json") { return read_document(text, file); }

Names ids_of(const std::vector<const Trial*>& trials) {
    Names ids;
    for (const Trial* each : trials) ids.push_back(each->id);
    return ids;
}

std::string input_message(const LibraryOptions& options) {
    try {
        Library library(options);
    } catch (const support::InputError& error) {
        return error.what();
    }
    return "";
}

LibraryOptions only(Names paths) { return {false, std::move(paths), ""}; }

}  // namespace

TEST_CASE("the embedded files are those of the source tree, byte for byte", "[catalogue][builtin]") {
    const auto files = list_documents(root + "/data/catalogue").files;
    REQUIRE(builtin_documents().size() == files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        const BuiltinDocument& embedded = builtin_documents()[i];
        INFO(files[i]);
        CHECK(root + "/" + std::string(embedded.file) == files[i]);
        CHECK((embedded.text == support::read_file(files[i])));
        // The index says what the document says.
        const Catalogue catalogue = read(std::string(embedded.text), files[i]);
        Names ids, aliases, keys;
        for (const Trial& each : catalogue.trials) {
            ids.push_back(each.id);
            aliases.insert(aliases.end(), each.aliases.begin(), each.aliases.end());
        }
        for (const auto& [key, source] : catalogue.sources) keys.push_back(key);
        Names embedded_keys(embedded.source_keys.begin(), embedded.source_keys.end());
        std::sort(embedded_keys.begin(), embedded_keys.end());
        CHECK(Names(embedded.ids.begin(), embedded.ids.end()) == ids);
        CHECK(Names(embedded.aliases.begin(), embedded.aliases.end()) == aliases);
        CHECK(embedded_keys == keys);
    }
    CHECK((builtin_schema() == support::read_file(root + "/data/schema/catalogue.schema.json")));
    CHECK((builtin_template() == support::read_file(root + "/data/schema/template.json")));
    CHECK((evidence::builtin_constants_text() == support::read_file(root + "/data/priors.json")));
}

TEST_CASE("the built-in catalogue is valid as a whole", "[catalogue][builtin]") {
    Library library{LibraryOptions{}};
    const Catalogue& all = library.all();
    CHECK(library.messages().empty());
    CHECK_FALSE(all.title.empty());
    Names ids;
    for (const Trial& each : all.trials) ids.push_back(each.id);
    CHECK(ids == library.ids());
    CHECK(ids_of(library.select({})) == ids);
    // Every place of every claim leads to a number.
    std::size_t places = 0;
    const auto check = [&](const std::vector<Claim>& claims, const Trial* home) {
        for (const Claim& claim : claims) {
            for (const Place& place : claim.of) {
                INFO((home ? home->id : "") << " " << claim.id << ": " << describe(place));
                const Destination destination = follow(place, home, &all);
                CHECK(destination.problem.empty());
                CHECK(destination.number.has_value());
                ++places;
            }
        }
    };
    check(all.claims, nullptr);
    for (const Trial& each : all.trials) check(each.claims, &each);
    CHECK(places > 0);
    // Every trial is written back as a document that reads to the same.
    for (const Trial& each : all.trials) {
        const Catalogue again = read(support::write_json(to_document(each)));
        CHECK((*again.trials.at(0).json == *each.json));
    }
    CHECK((to_document(read(support::write_json(to_document(all)))) == to_document(all)));
}

TEST_CASE("selecting built-in trials", "[catalogue][library]") {
    Library library{LibraryOptions{}};
    CHECK(ids_of(library.select({"cleopatra"})) == Names{"CLEOPATRA"});
    CHECK(ids_of(library.select({"EMILIA", "CLEOPATRA", "emilia"})) == Names{"EMILIA", "CLEOPATRA"});
    const Names destiny = ids_of(library.select({"destiny-breast0*"}));
    for (const std::string id : {"DESTINY-Breast01", "DESTINY-Breast02", "DESTINY-Breast03"}) {
        CHECK(std::count(destiny.begin(), destiny.end(), id) == 1);
    }
    CHECK(std::count(destiny.begin(), destiny.end(), "DESTINY-Breast12") == 0);
    CHECK(std::is_sorted(destiny.begin(), destiny.end()));
    REQUIRE(library.find("emilia"));
    CHECK(library.find("emilia") == library.select({"EMILIA"})[0]);
    CHECK(library.find("nothing") == nullptr);
    for (const BuiltinDocument& each : builtin_documents()) {
        for (const std::string_view alias : each.aliases) {
            INFO(alias);
            CHECK(library.select({std::string(alias)}).size() == 1);
        }
    }
    CHECK_THROWS_WITH(library.select({"CLEOPTARA"}),
                      Catch::Contains("unknown trial \"CLEOPTARA\"; did you mean CLEOPATRA?"));
    CHECK_THROWS_WITH(library.select({"EMILIA", "qqqqqq", "CLEO?"}),
                      Catch::Contains("\"qqqqqq\"; `hersurv list`") && Catch::Contains("no trial matches \"CLEO?\""));
    try {
        static_cast<void>(library.select({"qqqqqq"}));
    } catch (const support::Error& error) {
        CHECK(error.code() == support::ExitCode::not_found);
    }
}

TEST_CASE("a name wins over a glob, an id over an alias", "[catalogue][library]") {
    Library library(read(
        document(trial("A*") + "," + trial("AB", R"("C?")") + "," + trial("CD", R"("zeta")") + "," + trial("zet"))));
    CHECK(ids_of(library.select({"a*"})) == Names{"A*"});
    CHECK(ids_of(library.select({"A?"})) == Names{"A*", "AB"});
    CHECK(ids_of(library.select({"C?"})) == Names{"AB"});
    CHECK(ids_of(library.select({"c*"})) == Names{"AB", "CD"});
    CHECK(ids_of(library.select({"ZETA"})) == Names{"CD"});
    CHECK(ids_of(library.select({"zet", "*"})) == Names{"zet", "A*", "AB", "CD"});
    CHECK(library.ids() == Names{"A*", "AB", "CD", "zet"});
    CHECK(library.names() == Names{"A*", "AB", "CD", "zet", "C?", "zeta"});
    CHECK(library.all().trials.size() == 4);
    Library empty(Catalogue{});
    CHECK(empty.select({}).empty());
    CHECK_THROWS_AS(empty.select({"*"}), support::NotFoundError);
}

TEST_CASE("a trial laid over a built-in one replaces it whole", "[catalogue][library]") {
    const TemporaryFolder folder;
    const std::string path =
        folder.put("mine.json", document(trial("cleopatra") + "," + trial("MINE", R"("mine-too")")));
    Library library({true, {path}, ""});
    REQUIRE(library.messages().size() == 1);
    CHECK(library.messages()[0] ==
          "the trial cleopatra of " + path + " replaces CLEOPATRA of data/catalogue/CLEOPATRA.json");
    const Names ids = library.ids();
    CHECK(std::count(ids.begin(), ids.end(), "CLEOPATRA") == 0);
    CHECK(Names(ids.end() - 2, ids.end()) == Names{"cleopatra", "MINE"});
    CHECK(library.select({"CLEOPATRA"}).at(0)->file == path);
    CHECK(library.select({"MINE-TOO"}).at(0)->id == "MINE");
    // The replaced trial's aliases went with it.
    const Names names = library.names();
    CHECK(std::count(names.begin(), names.end(), "NCT00567190") == 0);
    CHECK_THROWS_AS(library.select({"NCT00567190"}), support::NotFoundError);
    CHECK(library.select({}).size() == ids.size());

    // Claims across trials that speak of numbers of the replaced trial are left out and told; the others stay.
    Library plain{LibraryOptions{}};
    const Catalogue& all = library.all();
    CHECK(all.trials.size() == plain.all().trials.size() + 1);
    for (const Claim& claim : all.claims) {
        for (const Place& place : claim.of) CHECK(follow(place, nullptr, &all).number.has_value());
    }
    const std::size_t dropped = plain.all().claims.size() - all.claims.size();
    const auto told =
        std::count_if(library.messages().begin(), library.messages().end(), [](const std::string& message) {
            return message.starts_with("the claim") && message.find("is left out") != std::string::npos;
        });
    CHECK(static_cast<std::size_t>(told) >= dropped);
    CHECK(std::set<std::string>(library.messages().begin(), library.messages().end()).size() ==
          library.messages().size());
}

TEST_CASE("later catalogues lie over earlier ones", "[catalogue][library]") {
    const TemporaryFolder folder;
    const std::string one = folder.put("one.json", document(trial("A", R"("old-name")") + "," + trial("B")));
    const std::string two = folder.put("two.json", document(trial("a", R"("new-name")")));
    Library library(only({one, two}));
    CHECK(library.ids() == Names{"B", "a"});
    CHECK(library.messages() == Names{"the trial a of " + two + " replaces A of " + one});
    CHECK(library.select({"A"}).at(0)->file == two);
    CHECK_THROWS_AS(library.select({"old-name"}), support::NotFoundError);
    CHECK(library.all().trials.size() == 2);

    Library from_input({false, {"-"}, document(trial("C"))});
    CHECK(from_input.select({"c"}).at(0)->file == "standard input");
}

TEST_CASE("names that mean two trials are told", "[catalogue][library]") {
    const TemporaryFolder folder;
    const std::string path =
        folder.put("mine.json", document(trial("NCT00567190") + "," + trial("other", R"("EMILIA")")));
    Library library({true, {path}, ""});
    CHECK(library.select({"NCT00567190"}).at(0)->file == path);
    CHECK(library.select({"EMILIA"}).at(0)->file == "data/catalogue/EMILIA.json");
    REQUIRE(library.messages().size() == 2);
    CHECK(library.messages()[0] ==
          "NCT00567190 selects NCT00567190 of " + path + ", not the built-in trial that has it as an alias");
    CHECK(library.messages()[1] ==
          "EMILIA selects the built-in trial, not other of " + path + ", which has it as an alias");
}

TEST_CASE("all faults of all paths come in one error", "[catalogue][library]") {
    const TemporaryFolder folder;
    const std::string bad = folder.put("bad.json", document(R"({"id": "A", "arms": [], "analyses": [], "extra": 1})"));
    const std::string worse = folder.put("worse.json", "{");
    const std::string message = input_message(only({bad, worse, folder.path() + "/missing.json"}));
    CHECK(message.find(bad + ":1:") != std::string::npos);
    CHECK(message.find(": /trials/0/extra") != std::string::npos);
    CHECK(message.find(worse + ":1:2: ") != std::string::npos);
    CHECK(message.find("missing.json: no such file") != std::string::npos);
    // Of a folder too.
    const std::string of_folder = input_message(only({folder.path()}));
    CHECK(of_folder.find(bad) != std::string::npos);
    CHECK(of_folder.find(worse) != std::string::npos);
    const TemporaryFolder empty;
    CHECK(input_message(only({empty.path()})).find("has no document") != std::string::npos);
}

TEST_CASE("the documents of a folder are one catalogue", "[catalogue][library]") {
    const TemporaryFolder folder;
    const std::string sources = R"("sources": {"s": {"citation": "S"}}, )";
    folder.put("a.json", document(R"({"id": "A", "arms": [], "analyses": []})", sources));
    folder.put("b.json", document(R"({"id": "B", "arms": [], "analyses": []})", sources + R"("title": "Second", )"));
    Library library(only({folder.path()}));
    CHECK(library.ids() == Names{"A", "B"});
    CHECK(library.all().title == "Second");
    CHECK(library.all().sources.size() == 1);

    folder.put(
        "c.json",
        document(
            R"({"id": "C", "aliases": ["a"], "arms": [], "analyses": []}, {"id": "b", "arms": [], "analyses": []})",
            R"("sources": {"s": {"citation": "other"}}, )"));
    const std::string message = input_message(only({folder.path()}));
    CHECK(message.find("c.json:1:") != std::string::npos);
    CHECK(message.find(": /trials/0/aliases/0: the trial name \"a\" is taken by " + folder.path() +
                       "/a.json /trials/0/id") != std::string::npos);
    CHECK(message.find(": /trials/1/id: the trial name \"b\" is taken by " + folder.path() + "/b.json /trials/0/id") !=
          std::string::npos);
    CHECK(message.find(": /sources/s: the source \"s\" differs from the one in " + folder.path() + "/a.json") !=
          std::string::npos);
}

TEST_CASE("a source of the same key must have the same content in every layer", "[catalogue][library]") {
    const TemporaryFolder folder;
    const Catalogue review = read(std::string(builtin_documents()[0].text));
    REQUIRE_FALSE(review.sources.empty());
    const std::string key = review.sources.begin()->first;
    const std::string other =
        folder.put("other.json", document("", R"("sources": {")" + key + R"(": {"citation": "another one"}}, )"));
    CHECK(input_message({true, {other}, ""})
              .find("the source \"" + key + "\" differs from the one in " + std::string(builtin_documents()[0].file)) !=
          std::string::npos);
    CHECK(input_message(only({other})).empty());
    const std::string same = folder.put("same.json", support::write_json(to_document(review)));
    CHECK(input_message({true, {same}, ""}).empty());
    CHECK(input_message(only({other, same})).find("differs from the one in") != std::string::npos);
}

TEST_CASE("places in other trials are checked as soon as the trial is known", "[catalogue][library]") {
    const auto note = [](const std::string& at) {
        return R"(, "notes": [{"kind": "remark", "text": "t", "at": )" + at + "}]";
    };
    const std::string good =
        document(trial("N", "", note(R"({"trial": "A", "analysis": "os", "arm": "x", "statistic": "median"})")));
    const std::string bad = document(trial("N", "", note(R"({"trial": "A", "analysis": "pfs"})")));
    const std::string a = document(trial("A"));
    CHECK_NOTHROW(read(bad));  // the trial is not in this document
    CHECK_NOTHROW(join({read(good, "n.json"), read(a, "a.json")}));
    CHECK_THROWS_WITH(
        join({read(bad, "n.json"), read(a, "a.json")}),
        Catch::Contains("n.json: /trials/0/notes/0/at: the place does not exist: trial \"A\" has no analysis \"pfs\""));
    Names messages;
    CHECK_NOTHROW(overlay(read(a), read(good), messages));
    CHECK_THROWS_WITH(overlay(read(a), read(bad), messages), Catch::Contains("has no analysis \"pfs\""));
    CHECK(messages.empty());

    // In a library everything is known: a trial that is nowhere is a fault, a built-in one is looked into.
    const TemporaryFolder folder;
    const auto message_for = [&](const std::string& at, bool builtin) {
        return input_message({builtin, {folder.put("n.json", document(trial("N", "", note(at))))}, ""});
    };
    CHECK(message_for(R"({"trial": "CLEOPTARA", "analysis": "os-2015"})", true)
              .find("unknown trial \"CLEOPTARA\"; did you mean CLEOPATRA?") != std::string::npos);
    CHECK(message_for(R"({"trial": "CLEOPATRA", "analysis": "os-2015"})", false).find("unknown trial \"CLEOPATRA\"") !=
          std::string::npos);
    CHECK(message_for(R"({"trial": "CLEOPATRA", "analysis": "os-2015"})", true).empty());
    CHECK(message_for(R"({"trial": "cleopatra", "analysis": "os-1066"})", true)
              .find("trial \"CLEOPATRA\" has no analysis") != std::string::npos);
}

TEST_CASE("what led into a replaced trial is left out with a message", "[catalogue][library]") {
    const std::string claims = R"("claims": [
        {"id": "gone", "kind": "exceeds", "value": 9, "of": [{"trial": "A", "analysis": "pfs", "arm": "x", "statistic": "median"}]},
        {"id": "kept", "kind": "exceeds", "value": 9, "of": [{"trial": "A", "analysis": "os", "arm": "x", "statistic": "median"}]}],
        "notes": [{"kind": "remark", "text": "t", "at": {"claim": "gone"}}, {"id": "n", "kind": "remark", "text": "t", "at": {"claim": "kept"}}], )";
    std::string with_pfs = trial("A");
    with_pfs.replace(with_pfs.find(R"("analyses": [)"), 13,
                     R"("analyses": [{"id": "pfs", "endpoint": "PFS", "arms": {"x": {"median": {"value": 9}}}}, )");
    Names messages;
    const Catalogue laid =
        overlay(read(document(with_pfs, claims), "low.json"), read(document(trial("a")), "up.json"), messages);
    REQUIRE(laid.claims.size() == 1);
    CHECK(laid.claims[0].id == "kept");
    REQUIRE(laid.notes.size() == 1);
    CHECK(laid.notes[0].id == "n");
    CHECK(messages == Names{"the trial a of up.json replaces A of low.json",
                            "the claim gone of low.json is left out: the trial that replaced A has no trial A, "
                            "analysis pfs, arm x, median"});
}

TEST_CASE("nearest names", "[catalogue][names]") {
    const Names names = {"CLEOPATRA", "EMILIA", "TH3RESA", "DESTINY-Breast01", "DESTINY-Breast03", "KAMILLA", "NALA"};
    CHECK(nearest("CLEOPTARA", names) == Names{"CLEOPATRA"});
    CHECK(nearest("cleopatra", names) == Names{"CLEOPATRA"});
    CHECK(nearest("theresa", names) == Names{"TH3RESA"});
    CHECK(nearest("emilla", names) == Names{"EMILIA", "KAMILLA"});
    CHECK(nearest("destiny-breast02", names) == Names{"DESTINY-Breast01", "DESTINY-Breast03"});
    CHECK(nearest("destiny", names) == Names{"DESTINY-Breast01", "DESTINY-Breast03"});
    CHECK(nearest("cleopatra-2015", names) == Names{"CLEOPATRA"});
    CHECK(nearest("breast01", names) == Names{"DESTINY-Breast01"});
    CHECK(nearest("destiny", names, 1).size() == 1);
    CHECK(nearest("xyzzy", names).empty());
    CHECK(nearest("", names).empty());
    CHECK(nearest("n", names).empty());
    CHECK(nearest("NLAA", {"NALA", "NLAB"}) == Names{"NALA", "NLAB"});  // two neighbours swapped are one edit
    CHECK(nearest(std::string(100000, 'a'), names).empty());
}

TEST_CASE("globs", "[catalogue][names]") {
    CHECK(glob_match("*", ""));
    CHECK(glob_match("*", "anything"));
    CHECK(glob_match("destiny*", "DESTINY-Breast03"));
    CHECK(glob_match("*03", "DESTINY-Breast03"));
    CHECK(glob_match("*B*0?", "DESTINY-Breast03"));
    CHECK(glob_match("a*b*c", "aXbXbYc"));
    CHECK(glob_match("?", "é"));
    CHECK(glob_match("a?c", "aéc"));
    CHECK(glob_match("", ""));
    CHECK(glob_match("**a**", "bab"));
    CHECK_FALSE(glob_match("", "a"));
    CHECK_FALSE(glob_match("?", ""));
    CHECK_FALSE(glob_match("a*c", "ab"));
    CHECK_FALSE(glob_match("a?", "a"));
    CHECK_FALSE(glob_match("[a]", "a"));
    CHECK_FALSE(glob_match("destiny", "DESTINY-Breast03"));
    // Many stars cost no exponential time.
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "*a";
    CHECK_FALSE(glob_match(pattern + "b", std::string(5000, 'a')));
}

TEST_CASE("names of statistics", "[catalogue][places]") {
    using Side = StatisticKey::Side;
    CHECK(parse_statistic("milestone_12.5_lower") == StatisticKey{StatisticKey::Kind::milestone, Side::lower, 12.5});
    CHECK(parse_statistic("median_upper") == StatisticKey{StatisticKey::Kind::median, Side::upper});
    CHECK(parse_statistic("hazard_ratio") == StatisticKey{StatisticKey::Kind::hazard_ratio});
    for (const std::string good : {"median", "median_lower", "hazard_ratio_upper", "milestone_96", "p_value", "events",
                                   "follow_up", "crossover", "n"}) {
        REQUIRE(parse_statistic(good).has_value());
        CHECK(to_string(*parse_statistic(good)) == good);
    }
    for (const std::string bad :
         {"", "milestone", "milestone_", "milestone_-1", "milestone_x", "milestone_1e2", "milestone_nan",
          "milestone_inf", "milestone_12_", "events_lower", "p_value_upper", "Median"}) {
        INFO(bad);
        CHECK_FALSE(parse_statistic(bad).has_value());
    }
}

TEST_CASE("what a place names is a statistic, or kept as it is written", "[catalogue][places]") {
    const NamedStatistic limit("median_lower");
    CHECK(limit.key == StatisticKey{StatisticKey::Kind::median, StatisticKey::Side::lower});
    CHECK(to_string(limit) == "median_lower");
    CHECK(NamedStatistic("milestone_24") == StatisticKey::milestone_at(24));
    const NamedStatistic parameter("parameter_shape");
    CHECK_FALSE(parameter.key.has_value());
    CHECK_FALSE(parameter.empty());
    CHECK(to_string(parameter) == "parameter_shape");
    CHECK(parameter != NamedStatistic("parameter_scale"));
    CHECK(NamedStatistic("").empty());
    CHECK(NamedStatistic().empty());
    CHECK_FALSE(limit.empty());
}

TEST_CASE("places lead to numbers", "[catalogue][places]") {
    const Catalogue catalogue = read(
        document(trial("A", "", R"(, "responses": [{"id": "r", "endpoint": "ORR", "rate": 0.5}])") + "," + trial("B")));
    const Trial& a = catalogue.trials[0];
    Place median;
    median.analysis = "os";
    median.arm = "y";
    median.statistic = StatisticKey::Kind::median;
    CHECK(follow(median, &a, nullptr).number->value == 10);
    CHECK(follow(median, &a, nullptr).from->pointer == "/trials/0/analyses/0/arms/y/median");
    CHECK(follow(median, nullptr, &catalogue).leads_nowhere());  // of which trial?
    median.trial = "b";
    CHECK(follow(median, &a, nullptr).unknown_trial);
    CHECK(follow(median, &a, &catalogue).from->pointer == "/trials/1/analyses/0/arms/y/median");
    // Without an arm both medians may be meant: it leads somewhere, but to no one number.
    median.arm = "";
    CHECK_FALSE(follow(median, &a, &catalogue).leads_nowhere());
    CHECK_FALSE(follow(median, &a, &catalogue).number.has_value());
    Place rate;
    rate.response = "r";
    CHECK(follow(rate, &a, nullptr).number->value == 0.5);
    CHECK(describe(median) == "trial b, analysis os, median");
}
