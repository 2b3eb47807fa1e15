// SPDX-License-Identifier: GPL-3.0-or-later
// TfIdfVectorizer: counts n-grams of a pool in each row. Items of the pool are numbered, and n-grams are
// paths in a trie over these numbers.
#include "engine/cpu/convert_type.h"
#include "engine/cpu/kernels/text.h"
#include "engine/cpu/key_table.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/ml_rules.h"

#include <algorithm>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

Error badPool(std::string message) { return makeError(ErrorCode::InvalidModel, std::move(message)); }

// Sequences of item numbers with a number for each. Node 0 is the empty sequence.
class NgramTrie {
public:
    void insert(std::span<const int64_t> items, int64_t ngram)
    {
        uint32_t node = 0;
        for (const int64_t item : items) {
            const auto [child, isNew] =
                m_children.try_emplace(key(node, item), static_cast<uint32_t>(m_ngrams.size()));
            if (isNew)
                m_ngrams.push_back(-1);
            node = child->second;
        }
        m_ngrams[node] = ngram;
    }
    // False when no sequence goes on with the item.
    bool descend(uint32_t& node, int64_t item) const
    {
        const auto child = m_children.find(key(node, item));
        if (child == m_children.end())
            return false;
        node = child->second;
        return true;
    }
    int64_t ngramAt(uint32_t node) const { return m_ngrams[node]; } // -1: none ends here

private:
    static uint64_t key(uint32_t node, int64_t item)
    {
        return uint64_t{node} << 32 | static_cast<uint64_t>(item);
    }
    std::unordered_map<uint64_t, uint32_t> m_children;
    std::vector<int64_t> m_ngrams{-1};
};

enum class Weighting { TermFrequency, InverseDocument, Both };

struct Vectorizer {
    KeyTable items; // of the pool
    NgramTrie trie;
    Weighting weighting = Weighting::TermFrequency;
    int64_t minLength = 1;
    int64_t maxLength = 1;
    int64_t maxSkip = 0;
    std::vector<int64_t> columns; // of each n-gram
    std::vector<float> weights;   // of each n-gram, or none
    int64_t columnCount = 0;

    // row: item numbers, -1 for items that are not in the pool.
    void vectorize(std::span<const int64_t> row, std::vector<int64_t>& counts, float* y) const
    {
        std::fill(counts.begin(), counts.end(), 0);
        const auto length = static_cast<int64_t>(row.size());
        int64_t shortest = minLength;
        for (int64_t step = 1; step <= maxSkip + 1 && shortest <= maxLength; ++step) {
            if (shortest > 1 && (step > length || (shortest - 1) > (length - 1) / step))
                break;
            for (int64_t start = 0; start < length; ++start)
                countFrom(row, start, step, shortest, counts);
            shortest = std::max<int64_t>(shortest, 2); // steps between single items do not matter
        }
        for (size_t ngram = 0; ngram < counts.size(); ++ngram) {
            if (counts[ngram] > 0)
                y[columns[ngram]] += score(ngram, counts[ngram]);
        }
    }

private:
    void countFrom(std::span<const int64_t> row, int64_t start, int64_t step, int64_t shortest,
                   std::vector<int64_t>& counts) const
    {
        uint32_t node = 0;
        int64_t at = start;
        for (int64_t size = 1; size <= maxLength && at < static_cast<int64_t>(row.size()); ++size) {
            const int64_t item = row[static_cast<size_t>(at)];
            if (item < 0 || !trie.descend(node, item))
                return;
            const int64_t ngram = trie.ngramAt(node);
            if (size >= shortest && ngram >= 0)
                ++counts[static_cast<size_t>(ngram)];
            if (step > static_cast<int64_t>(row.size()) - at)
                return;
            at += step;
        }
    }

    float score(size_t ngram, int64_t count) const
    {
        const float weight = weights.empty() || weighting == Weighting::TermFrequency ? 1 : weights[ngram];
        return weighting == Weighting::InverseDocument ? weight : weight * static_cast<float>(count);
    }
};

// pool: item numbers; starts: where the n-grams of each length begin.
Status insertPool(const std::vector<int64_t>& pool, const std::vector<int64_t>& starts,
                  Vectorizer& vectorizer)
{
    int64_t ngram = 0;
    for (size_t i = 0; i < starts.size(); ++i) {
        const auto length = static_cast<int64_t>(i) + 1;
        const auto total = static_cast<int64_t>(pool.size());
        const int64_t end = i + 1 < starts.size() ? starts[i + 1] : total;
        if (starts[i] < 0 || end < starts[i] || end > total || (end - starts[i]) % length != 0)
            return badPool("the " + std::to_string(length) + "-grams cannot be items " +
                           std::to_string(starts[i]) + " to " + std::to_string(end) + " of a pool of " +
                           std::to_string(total));
        for (int64_t at = starts[i]; at < end; at += length, ++ngram) {
            if (ngram >= static_cast<int64_t>(vectorizer.columns.size()))
                return badPool("ngram_indexes has " + std::to_string(vectorizer.columns.size()) +
                               " elements, fewer than there are n-grams");
            if (length >= vectorizer.minLength && length <= vectorizer.maxLength)
                vectorizer.trie.insert({pool.data() + at, static_cast<size_t>(length)}, ngram);
        }
    }
    return {};
}

Result<Weighting> weightingOf(const Node& node)
{
    static constexpr std::string_view names[] = {"TF", "IDF", "TFIDF"};
    const std::string mode = node.stringAttribute("mode", "");
    const auto found = std::find(std::begin(names), std::end(names), mode);
    if (found == std::end(names))
        return badPool("mode is none of TF, IDF and TFIDF");
    return static_cast<Weighting>(found - std::begin(names));
}

Result<Vectorizer> vectorizerOf(const Node& node)
{
    Vectorizer vectorizer;
    TRY_ASSIGN(vectorizer.weighting, weightingOf(node));
    vectorizer.minLength = node.intAttribute("min_gram_length", 1);
    vectorizer.maxLength = node.intAttribute("max_gram_length", 1);
    vectorizer.maxSkip = node.intAttribute("max_skip_count", 0);
    vectorizer.columns = listAttribute<int64_t>(node, "ngram_indexes");
    vectorizer.weights = listAttribute<float>(node, "weights");
    const auto& starts = listAttribute<int64_t>(node, "ngram_counts");
    if (vectorizer.minLength < 1 || vectorizer.maxLength < vectorizer.minLength || vectorizer.maxSkip < 0 ||
        vectorizer.maxSkip == INT64_MAX || vectorizer.maxLength > static_cast<int64_t>(starts.size()))
        return badPool("n-grams of " + std::to_string(vectorizer.minLength) + " to " +
                       std::to_string(vectorizer.maxLength) + " items with up to " +
                       std::to_string(vectorizer.maxSkip) + " skipped do not fit " +
                       std::to_string(starts.size()) + " ngram_counts");
    for (const int64_t column : vectorizer.columns) {
        if (column < 0 || column == INT64_MAX)
            return badPool("ngram_indexes holds " + std::to_string(column));
        vectorizer.columnCount = std::max(vectorizer.columnCount, column + 1);
    }
    if (vectorizer.columns.empty() ||
        (!vectorizer.weights.empty() && vectorizer.weights.size() != vectorizer.columns.size()))
        return badPool("there are " + std::to_string(vectorizer.columns.size()) + " ngram_indexes and " +
                       std::to_string(vectorizer.weights.size()) + " weights");

    const auto& strings = listAttribute<std::string>(node, "pool_strings");
    const auto& integers = listAttribute<int64_t>(node, "pool_int64s");
    const auto count = static_cast<int64_t>(strings.empty() ? integers.size() : strings.size());
    if (count == 0 || count >= int64_t{1} << 31)
        return badPool("TfIdfVectorizer needs pool_strings or pool_int64s");
    const Tensor pool =
        strings.empty() ? Tensor::of<int64_t>({count}, integers) : Tensor::ofStrings({count}, strings);
    TRY_ASSIGN(vectorizer.items, KeyTable::of(pool, KeyTable::Repeated::FirstWins));
    TRY_ASSIGN(const std::vector<int64_t> numbers, vectorizer.items.find(pool));
    TRY(insertPool(numbers, starts, vectorizer));
    return vectorizer;
}

Status run(KernelContext& context, const Vectorizer& vectorizer)
{
    TRY(requireInputs(context, 1));
    Tensor x = context.tensor(0);
    if (x.type() == DataType::Int32) {
        TRY_ASSIGN(x, convertType(x, DataType::Int64));
    }
    Dims dims = x.dims();
    if (dims.size() > 2)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected X of shape [N, C] or [C], found [" + toString(dims) + "]");
    TRY_ASSIGN(const std::vector<int64_t> items, vectorizer.items.find(x));
    const int64_t rows = dims.size() == 2 ? dims[0] : 1;
    const auto length = static_cast<size_t>(rows == 0 ? 0 : x.count() / rows);
    dims.resize(std::max<size_t>(1, dims.size()));
    dims.back() = vectorizer.columnCount;
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, std::move(dims)));
    std::fill_n(y->mutableData<float>(), y->count(), 0.0f);
    parallelFor(rows, 1 + 1024 / static_cast<int64_t>(length + 1), [&](int64_t begin, int64_t end) {
        std::vector<int64_t> counts(vectorizer.columns.size());
        for (int64_t row = begin; row < end && !context.stopRequested(); ++row)
            vectorizer.vectorize({items.data() + static_cast<size_t>(row) * length, length}, counts,
                                 y->mutableData<float>() + row * vectorizer.columnCount);
    });
    return context.stopRequested() ? Status(cancelled()) : Status();
}

} // namespace

KernelResult createTfIdfVectorizer(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    if (type != DataType::String)
        TRY(acceptTypes(TypeList<int64_t, int32_t>(), request));
    TRY_ASSIGN(Vectorizer made, vectorizerOf(*request.node));
    const auto vectorizer = std::make_shared<const Vectorizer>(std::move(made));
    return plainKernel([vectorizer](KernelContext& context) { return run(context, *vectorizer); });
}

} // namespace lapidary
