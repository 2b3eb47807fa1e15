// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizer of com.microsoft: text into characters, pieces between separators, or matches of a pattern.
#include "engine/cpu/kernels/text.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/text_pattern.h"
#include "engine/cpu/unicode.h"
#include "engine/ops/ml_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;
using Tokens = std::vector<std::string_view>;

struct Tokenizer {
    std::vector<TextPattern> separators;
    std::optional<TextPattern> token; // neither: every character is a token
    size_t minCharacters = 1;
    std::string padding;
    bool isMarked = false;

    Tokens tokens(std::string_view text) const
    {
        if (token)
            return matches(text);
        if (separators.empty())
            return characters(text);
        Tokens pieces{text};
        for (const TextPattern& separator : separators) {
            Tokens next;
            for (const std::string_view piece : pieces)
                addPieces(piece, separator, next);
            pieces = std::move(next);
        }
        return pieces;
    }

private:
    static size_t behindCharacter(std::string_view text, size_t at)
    {
        if (at >= text.size())
            return text.size() + 1;
        nextCharacter(text, at);
        return at;
    }

    static Tokens characters(std::string_view text)
    {
        Tokens tokens;
        for (size_t at = 0; at < text.size();) {
            const size_t begin = at;
            nextCharacter(text, at);
            tokens.push_back(text.substr(begin, at - begin));
        }
        return tokens;
    }

    void addIfLong(std::string_view piece, Tokens& tokens) const
    {
        if (characterCount(piece) >= minCharacters)
            tokens.push_back(piece);
    }

    // An empty match eats the character behind it, as in ONNX Runtime.
    void addPieces(std::string_view text, const TextPattern& separator, Tokens& tokens) const
    {
        size_t begin = 0;
        while (begin <= text.size()) {
            const auto match = separator.find(text, begin);
            if (!match)
                return addIfLong(text.substr(begin), tokens);
            addIfLong(text.substr(begin, match->begin - begin), tokens);
            begin = match->end > match->begin ? match->end : behindCharacter(text, match->begin);
        }
    }

    Tokens matches(std::string_view text) const
    {
        Tokens tokens;
        size_t begin = 0;
        while (begin <= text.size()) {
            const auto match = token->find(text, begin);
            if (!match)
                break;
            const std::string_view found = text.substr(match->begin, match->end - match->begin);
            const bool isLong = characterCount(found) >= minCharacters;
            if (isLong)
                tokens.push_back(found);
            begin = isLong ? match->end : behindCharacter(text, match->begin);
        }
        return tokens;
    }
};

Result<Tokenizer> tokenizerOf(const Node& node)
{
    Tokenizer tokenizer;
    tokenizer.padding = node.stringAttribute("pad_value", "");
    tokenizer.isMarked = node.intAttribute("mark", 0) != 0;
    const int64_t minimum = node.intAttribute("mincharnum", 1);
    const auto& separators = listAttribute<std::string>(node, "separators");
    const std::string token = node.stringAttribute("tokenexp", "");
    if (minimum < 1 || (separators.empty() && token.empty()))
        return makeError(ErrorCode::InvalidModel,
                         "Tokenizer needs separators or tokenexp, and a mincharnum of 1 or more");
    tokenizer.minCharacters = static_cast<size_t>(minimum);
    constexpr auto longest = TextPattern::Match::LeftmostLongest;
    const bool areCharacters =
        separators.empty() ? token == "." : separators.size() == 1 && separators[0].empty();
    if (areCharacters && minimum > 1)
        return makeError(ErrorCode::InvalidModel,
                         "mincharnum is " + std::to_string(minimum) + " where every character is a token");
    if (areCharacters)
        return tokenizer;
    for (const std::string& separator : separators) {
        TRY_ASSIGN(TextPattern pattern, TextPattern::compile(separator, longest));
        tokenizer.separators.push_back(std::move(pattern));
    }
    if (separators.empty()) {
        TRY_ASSIGN(tokenizer.token, TextPattern::compile(token, longest));
    }
    return tokenizer;
}

// All rows of tokens as one tensor: start mark, tokens, end mark, padding.
Status writeTokens(KernelContext& context, const Tokenizer& tokenizer, const std::vector<Tokens>& tokens)
{
    size_t most = 0;
    for (const Tokens& row : tokens)
        most = std::max(most, row.size());
    const size_t columns = most == 0 ? 0 : most + (tokenizer.isMarked ? 2 : 0);
    Dims dims = context.tensor(0).dims();
    dims.push_back(static_cast<int64_t>(columns));
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::String, std::move(dims)));
    if (columns == 0)
        return {};
    std::string* to = y->mutableStrings().data();
    for (const Tokens& row : tokens) {
        std::string* const end = to + columns;
        if (tokenizer.isMarked)
            *to++ = "\x02";
        to = std::copy(row.begin(), row.end(), to);
        if (tokenizer.isMarked)
            *to++ = "\x03";
        std::fill(to, end, tokenizer.padding);
        to = end;
    }
    return {};
}

Status run(KernelContext& context, const Tokenizer& tokenizer)
{
    TRY_ASSIGN(const Tensor* x, stringInput(context, 0));
    if (x->rank() < 1 || x->rank() > 2)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected X of shape [N, C] or [C], found [" + toString(x->dims()) + "]");
    if (x->count() == 0) {
        const Dims dims = x->rank() == 2 ? Dims{x->dims()[0], 0} : Dims{0};
        context.setOutput(0, Tensor::ofStrings(dims, {}));
        return {};
    }
    std::vector<Tokens> tokens(x->strings().size());
    std::vector<uint8_t> isBad(tokens.size());
    parallelFor(x->count(), 64, [&](int64_t begin, int64_t end) {
        for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
            isBad[i] = !isUtf8(x->strings()[i]);
            if (!isBad[i] && !context.stopRequested())
                tokens[i] = tokenizer.tokens(x->strings()[i]);
        }
    });
    if (context.stopRequested())
        return cancelled();
    const auto bad = std::find(isBad.begin(), isBad.end(), 1);
    if (bad != isBad.end())
        return makeError(ErrorCode::InvalidArgument,
                         "element " + std::to_string(bad - isBad.begin()) + " is not text in UTF-8");
    return writeTokens(context, tokenizer, tokens);
}

} // namespace

KernelResult createTokenizer(const KernelRequest& request)
{
    TRY(acceptStrings(request));
    TRY_ASSIGN(const Tokenizer tokenizer, tokenizerOf(*request.node));
    return plainKernel([tokenizer](KernelContext& context) { return run(context, tokenizer); });
}

} // namespace lapidary
