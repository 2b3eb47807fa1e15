// SPDX-License-Identifier: GPL-3.0-or-later
// RegexFullMatch, StringConcat, StringNormalizer, StringSplit; the rows of the other text kernels too.
#include "engine/cpu/kernels/text.h"

#include "engine/cpu/elementwise.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/text_pattern.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/cpu/unicode.h"
#include "engine/ops/ml_rules.h"

#include <unordered_set>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

constexpr int64_t textGrain = 1 << 9; // strings worth a thread

KernelResult createConcat(const KernelRequest& request)
{
    TRY(acceptStrings(request));
    return plainKernel([](KernelContext& context) -> Status {
        TRY_ASSIGN(const Tensor* a, stringInput(context, 0));
        TRY_ASSIGN(const Tensor* b, stringInput(context, 1));
        TRY_ASSIGN(const BroadcastPlan plan, planBroadcast(std::array{a->dims(), b->dims()}));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::String, plan.dims));
        combineElements(plan, a->strings().data(), b->strings().data(), y->mutableStrings().data(), textGrain,
                        [](const std::string& x, const std::string& z) { return x + z; });
        return {};
    });
}

KernelResult createFullMatch(const KernelRequest& request)
{
    TRY(acceptStrings(request));
    TRY_ASSIGN(const TextPattern pattern, TextPattern::compile(request.node->stringAttribute("pattern", "")));
    return plainKernel([pattern](KernelContext& context) -> Status {
        TRY_ASSIGN(const Tensor* x, stringInput(context, 0));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Bool, x->dims()));
        auto* to = y->mutableData<bool>();
        parallelFor(x->count(), textGrain, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                to[i] = pattern.matchesAll(x->strings()[static_cast<size_t>(i)]);
        });
        return {};
    });
}

enum class CaseChange { None, Lower, Upper };

struct Normalizer {
    CaseChange change = CaseChange::None;
    std::string locale;
    bool isCaseSensitive = false;
    std::unordered_set<std::string> stopWords; // folded where case does not matter

    bool readsCharacters() const
    {
        return change != CaseChange::None || (!stopWords.empty() && !isCaseSensitive);
    }

    bool isStopWord(const std::string& word) const
    {
        return !stopWords.empty() && stopWords.contains(isCaseSensitive ? word : foldCase(word));
    }

    std::string changed(const std::string& word) const
    {
        if (change == CaseChange::None)
            return word;
        return change == CaseChange::Lower ? toLowerCase(word, locale) : toUpperCase(word, locale);
    }
};

Status requireUtf8(const Tensor& x)
{
    for (size_t i = 0; i < x.strings().size(); ++i) {
        if (!isUtf8(x.strings()[i]))
            return makeError(ErrorCode::InvalidArgument,
                             "element " + std::to_string(i) + " is not text in UTF-8");
    }
    return {};
}

Status normalize(KernelContext& context, const Normalizer& normalizer)
{
    TRY_ASSIGN(const Tensor* x, stringInput(context, 0));
    Dims dims = x->dims();
    if (dims.empty() || dims.size() > 2 || (dims.size() == 2 && dims[0] != 1))
        return makeError(ErrorCode::ShapeMismatch,
                         "expected X of shape [C] or [1, C], found [" + toString(dims) + "]");
    if (normalizer.readsCharacters())
        TRY(requireUtf8(*x));
    std::vector<std::string> words;
    for (const std::string& word : x->strings()) {
        if (context.stopRequested())
            return cancelled();
        if (!normalizer.isStopWord(word))
            words.push_back(normalizer.changed(word));
    }
    if (words.empty())
        words.emplace_back();
    dims.back() = static_cast<int64_t>(words.size());
    context.setOutput(0, Tensor::ofStrings(std::move(dims), std::move(words)));
    return {};
}

KernelResult createNormalizer(const KernelRequest& request)
{
    TRY(acceptStrings(request));
    const Node& node = *request.node;
    static constexpr std::string_view names[] = {"NONE", "LOWER", "UPPER"};
    const std::string action = node.stringAttribute("case_change_action", "NONE");
    const auto found = std::find(std::begin(names), std::end(names), action);
    if (found == std::end(names))
        return makeError(ErrorCode::InvalidModel, "case_change_action is none of NONE, LOWER and UPPER");
    Normalizer normalizer;
    normalizer.change = static_cast<CaseChange>(found - std::begin(names));
    normalizer.locale = node.stringAttribute("locale", "en_US");
    normalizer.isCaseSensitive = node.intAttribute("is_case_sensitive", 0) != 0;
    for (const std::string& word : listAttribute<std::string>(node, "stopwords"))
        normalizer.stopWords.insert(normalizer.isCaseSensitive ? word : foldCase(word));
    return plainKernel([normalizer](KernelContext& context) { return normalize(context, normalizer); });
}

using Pieces = std::vector<std::string_view>;

// Pieces between delimiters, as Python's str.split does it. maxSplit < 0: no limit.
Pieces splitAt(std::string_view text, std::string_view delimiter, int64_t maxSplit)
{
    Pieces pieces;
    size_t begin = 0;
    while (maxSplit < 0 || static_cast<int64_t>(pieces.size()) < maxSplit) {
        const size_t found = text.find(delimiter, begin);
        if (found == std::string_view::npos)
            break;
        pieces.push_back(text.substr(begin, found - begin));
        begin = found + delimiter.size();
    }
    pieces.push_back(text.substr(begin));
    return pieces;
}

size_t skipWhile(std::string_view text, size_t at, bool spaces)
{
    while (at < text.size()) {
        size_t next = at;
        if (isSpace(nextCharacter(text, next)) != spaces)
            break;
        at = next;
    }
    return at;
}

// Pieces between runs of white space. What is left after the last split keeps the space at its end.
Pieces splitAtSpaces(std::string_view text, int64_t maxSplit)
{
    Pieces pieces;
    size_t at = skipWhile(text, 0, true);
    while (at < text.size()) {
        const bool isLast = maxSplit >= 0 && static_cast<int64_t>(pieces.size()) >= maxSplit;
        const size_t end = isLast ? text.size() : skipWhile(text, at, false);
        pieces.push_back(text.substr(at, end - at));
        at = skipWhile(text, end, true);
    }
    return pieces;
}

Status split(KernelContext& context, const std::string& delimiter, int64_t maxSplit)
{
    TRY_ASSIGN(const Tensor* x, stringInput(context, 0));
    std::vector<Pieces> pieces(x->strings().size());
    parallelFor(x->count(), textGrain, [&](int64_t begin, int64_t end) {
        for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i)
            pieces[i] = delimiter.empty() ? splitAtSpaces(x->strings()[i], maxSplit)
                                          : splitAt(x->strings()[i], delimiter, maxSplit);
    });
    TRY_ASSIGN(Tensor counts, Tensor::allocate(DataType::Int64, x->dims()));
    size_t most = 0;
    for (size_t i = 0; i < pieces.size(); ++i) {
        counts.mutableData<int64_t>()[i] = static_cast<int64_t>(pieces[i].size());
        most = std::max(most, pieces[i].size());
    }
    Dims dims = x->dims();
    dims.push_back(static_cast<int64_t>(most));
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::String, std::move(dims)));
    for (size_t i = 0; i < pieces.size(); ++i)
        std::copy(pieces[i].begin(), pieces[i].end(), y->mutableStrings().data() + i * most);
    if (context.outputCount() > 1)
        context.setOutput(1, std::move(counts));
    return {};
}

KernelResult createSplit(const KernelRequest& request)
{
    TRY(acceptStrings(request));
    return plainKernel([delimiter = request.node->stringAttribute("delimiter", ""),
                        maxSplit = request.node->intAttribute("maxsplit", -1)](KernelContext& context) {
        return split(context, delimiter, maxSplit);
    });
}

constexpr KernelRow rows[] = {
    {"", "RegexFullMatch", 20, newestOpset, "plain", createFullMatch},
    {"", "StringConcat", 20, newestOpset, "plain", createConcat},
    {"", "StringNormalizer", 10, newestOpset, "plain", createNormalizer},
    {"", "StringSplit", 20, newestOpset, "plain", createSplit},
    {"", "TfIdfVectorizer", 9, newestOpset, "plain", createTfIdfVectorizer},
    {"com.microsoft", "Tokenizer", 1, newestOpset, "plain", createTokenizer},
};

} // namespace

Status acceptStrings(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    return type == DataType::Undefined || type == DataType::String ? Status() : unsupportedType(type);
}

Result<const Tensor*> stringInput(const KernelContext& context, size_t index)
{
    TRY(requireInputs(context, index + 1));
    const Tensor& tensor = context.tensor(index);
    if (tensor.type() != DataType::String)
        return unsupportedType(tensor.type());
    return &tensor;
}

std::span<const KernelRow> textKernels() { return rows; }

} // namespace lapidary
