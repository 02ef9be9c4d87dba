// The part of `fit` that takes patients: its file, its options, and what it refuses beside them.
#include "cli/commands/fit_patients.hpp"

#include "hersurv/patients.hpp"

#include "cli/options.hpp"
#include "report/likelihood_report.hpp"

namespace hersurv::cli {
namespace {

using support::UsageError;

void refuse_published_numbers(const Selection& source, const Context& context) {
    if (!source.trials.empty()) throw UsageError("--patients is a trial by itself; leave out " + joined(source.trials));
    if (!context.global.catalogue.empty() || context.global.no_builtin)
        throw UsageError("--patients reads no catalogue; leave out " +
                         std::string(context.global.catalogue.empty() ? "--no-builtin" : "--catalogue"));
    if (context.global.format == "catalogue")
        throw UsageError(
            "--format catalogue writes results typed with --arm; `patients` writes those of patients; with --patients "
            "take another format");
    constexpr std::pair<std::string_view, std::string_view> refused[] = {
        {"--arm", "the column arm of the file names the arms"},
        {"--hr", "patients have no published hazard ratio"},
        {"--p", "patients have no published p-value"},
        {"--follow-up", "the times of the patients are their follow-up"},
        {"--name", "the file names what is fitted"},
        {"--endpoint", "a file of patients has one endpoint"},
        {"--analysis", "a file of patients has one analysis"},
        {"--cuts", "a file of patients has one data cut"},
        {"--band", "intervals are those of maximum likelihood"},
        {"--summaries", "medians are shown with the parameters"},
        {"--what", "each row is a parameter"},
        {"--explain", "no published results are used"},
        {"--target", "the models are fitted to the patients"},
        {"--hazard-floor", "nothing is extrapolated"},
    };
    for (const auto& [option, why] : refused)
        if (context.given.contains(std::string(option)))
            throw UsageError(std::string(option) + " does not go with --patients: " + std::string(why) +
                             "; leave it out");
}

std::vector<const survival::Family*> families_of(const ModelChoice& choice, const Context& context) {
    if (!context.given.contains("--model")) return {survival::families().begin(), survival::families().end()};
    const study::FitRequest request = requested_models(choice);
    if (request.automatic)
        throw UsageError(
            "--model auto chooses among fits to published results; with --patients leave --model out: "
            "all families are fitted and ranked");
    std::vector<const survival::Family*> families;
    bool left_out = false;
    for (const fit::Model* model : request.models) {
        if (model->family != nullptr)
            families.push_back(model->family);
        else
            left_out = true;
    }
    if (left_out && families.size() < survival::families().size())
        throw UsageError(
            "flexible is a curve through published results, not a family with a likelihood; leave it out "
            "with --patients");
    return families;
}

patients::PatientTable read(const tables::Input& input) {
    try {
        return patients::read_patients(input);
    } catch (const support::InputError& error) {
        throw with_options(error);
    }
}

}  // namespace

Answer fit_patients(const std::string& file, const TableOptions& tables, const Selection& source,
                    const ModelChoice& choice, Context& context) {
    refuse_published_numbers(source, context);
    const std::vector<const survival::Family*> families = families_of(choice, context);
    TableFiles texts;
    const tables::Input input = texts.read(file, tables.of(), context);
    report::LikelihoodReportOptions options;
    options.file = input.file;
    options.level = context.global.level;
    const patients::PatientTable table = read(input);
    const bool common = choice.shape == "common" && table.arms.size() > 1;
    options.shape = common ? fit::Shape::common : fit::Shape::separate;
    return {report::likelihood_report(
        table, patients::fit_patients(table.arms, families, {options.shape, options.level, context.global.threads}),
        options)};
}

}  // namespace hersurv::cli
