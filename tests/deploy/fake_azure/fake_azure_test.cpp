// SPDX-License-Identifier: GPL-3.0-or-later
// The fake itself, by a small client of its own: nothing here needs Node or other servers.
#include "fake_azure.h"

#include <QTemporaryDir>
#include <QTest>

#include <httplib.h>

using namespace fake_azure;
using nlohmann::json;

namespace {

const std::string version = "?api-version=2025-12-01";

struct Answer {
    int status = 0; // 0: no answer
    json body;
    httplib::Headers headers;
    std::string header(const std::string& name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
    std::string errorCode() const { return body["error"]["code"]; }
};

} // namespace

class FakeAzureTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<FakeAzure> m_fake;
    std::string m_token;

    Answer send(const std::string& method, const std::string& target, const json& body = nullptr,
                const std::string& token = {})
    {
        httplib::SSLClient client("localhost", m_fake->port());
        client.set_ca_cert_path(m_fake->caFile().c_str());
        client.enable_server_certificate_verification(true);
        httplib::Request request;
        request.method = method;
        request.path = target;
        const bool storage = target.find("/devstoreaccount1/") == 0; // signed by its query
        if (!storage && (!token.empty() || !m_token.empty()))
            request.set_header("Authorization", "Bearer " + (token.empty() ? m_token : token));
        if (body.is_string()) {
            request.body = body;
            request.set_header("Content-Type", "application/x-www-form-urlencoded");
        } else if (!body.is_null()) {
            request.body = body.dump();
            request.set_header("Content-Type", "application/json");
        }
        const auto result = client.send(request);
        if (!result)
            return {};
        return {result->status, json::parse(result->body, nullptr, false), result->headers};
    }

    std::string path(const std::string& url) const { return url.substr(m_fake->url().size()); }
    std::string signIn(const std::string& scope = "https://management.azure.com/.default")
    {
        const Answer answer =
            send("POST", "/common/oauth2/v2.0/token",
                 "grant_type=client_credentials&client_id=cccccccc-0000-4000-8000-000000000001"
                 "&client_secret=fake-client-secret&scope=" +
                     scope);
        return answer.body.value("access_token", "");
    }
    // Asks the monitor until the operation has ended.
    json waitFor(const Answer& started)
    {
        for (int i = 0; i < 200; ++i) {
            const Answer answer = send("GET", path(started.header("Azure-AsyncOperation")));
            if (answer.status != 200 || answer.body["status"] != "InProgress")
                return answer.body;
            QTest::qWait(5);
        }
        return nullptr;
    }
    json endpointBody(const json& traffic = json::object()) const
    {
        return {{"location", "westeurope"},
                {"identity", {{"type", "SystemAssigned"}}},
                {"properties", {{"authMode", "Key"}, {"traffic", traffic}}}};
    }
    std::string makeModelAndEnvironment()
    {
        const std::string workspace = m_fake->workspaceId();
        send("PUT", workspace + "/models/m/versions/1" + version,
             {{"properties", {{"modelUri", "azureml://datastores/workspaceblobstore/paths/m.onnx"}}}});
        send("PUT", workspace + "/environments/e/versions/1" + version,
             {{"properties", {{"image", "r.azurecr.io/x:1"}}}});
        return workspace;
    }
    json deploymentBody(int instances = 1) const
    {
        const std::string workspace = m_fake->workspaceId();
        return {{"location", "westeurope"},
                {"sku", {{"name", "Default"}, {"capacity", instances}}},
                {"properties",
                 {{"endpointComputeType", "Managed"},
                  {"model", workspace + "/models/m/versions/1"},
                  {"environmentId", workspace + "/environments/e/versions/1"},
                  {"instanceType", "Standard_DS3_v2"}}}};
    }

private slots:
    void init()
    {
        Options options;
        options.folder = m_folder.path().toStdString();
        options.operationMs = options.deploymentMs = 30;
        options.deviceIntervalSeconds = 0;
        m_fake = std::make_unique<FakeAzure>(options);
        m_fake->start();
        m_token.clear();
        m_token = signIn();
        QVERIFY(!m_token.empty());
    }

    void tokensExpireAndTenantsDiffer()
    {
        QCOMPARE(send("GET", "/subscriptions?api-version=2022-12-01").body["value"].size(), size_t(2));
        const Answer other =
            send("GET", "/subscriptions/bbbbbbbb-0000-4000-8000-000000000001?api-version=2022-12-01");
        QCOMPARE(other.errorCode(), std::string("InvalidAuthenticationTokenTenant"));
        QVERIFY(other.header("WWW-Authenticate").find("22222222-2222-4222-8222-222222222222") !=
                std::string::npos);
        const std::string blobs = signIn("https://storage.azure.com/.default");
        QCOMPARE(send("GET", "/subscriptions?api-version=2022-12-01", nullptr, blobs).errorCode(),
                 std::string("InvalidAuthenticationTokenAudience"));
        m_fake->expireTokens();
        QCOMPARE(send("GET", "/subscriptions?api-version=2022-12-01").errorCode(),
                 std::string("ExpiredAuthenticationToken"));
    }

    void codeNeedsItsVerifier()
    {
        const std::string ask =
            "/common/oauth2/v2.0/authorize?client_id=c&response_type=code&scope=openid+offline_access"
            "&redirect_uri=http%3A%2F%2Flocalhost%3A1234&state=s1&code_challenge_method=S256"
            "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; // of RFC 7636
        const std::string location = send("GET", ask).header("Location");
        QVERIFY(location.find("state=s1") != std::string::npos);
        const size_t start = location.find("code=") + 5;
        const std::string code = location.substr(start, location.find('&', start) - start);
        const auto redeem = [&](const std::string& verifier) {
            return send(
                "POST", "/common/oauth2/v2.0/token",
                "grant_type=authorization_code&client_id=c&redirect_uri=http%3A%2F%2Flocalhost%3A1234&scope="
                "https%3A%2F%2Fmanagement.azure.com%2F.default+offline_access&code=" +
                    code + "&code_verifier=" + verifier);
        };
        QCOMPARE(redeem("wrong").body["error"].get<std::string>(), std::string("invalid_grant"));
        const Answer tokens = redeem("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        QCOMPARE(tokens.status, 200);
        QCOMPARE(redeem("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").status, 400); // only once
        const auto refresh = [&] {
            return send("POST", "/common/oauth2/v2.0/token",
                        "grant_type=refresh_token&client_id=c&scope=https%3A%2F%2Fstorage.azure.com%2F."
                        "default&refresh_token=" +
                            tokens.body.value("refresh_token", ""));
        };
        QCOMPARE(refresh().status, 200);
        QCOMPARE(refresh().status, 400); // replaced
    }

    void apiVersionsAreChecked()
    {
        const std::string workspace = m_fake->workspaceId();
        QCOMPARE(send("GET", workspace).errorCode(), std::string("MissingApiVersionParameter"));
        const Answer unknown = send("GET", workspace + "?api-version=2031-01-01");
        QCOMPARE(unknown.errorCode(), std::string("NoRegisteredProviderFound"));
        QVERIFY(unknown.body.dump().find("2025-12-01") != std::string::npos);
    }

    void deploymentsNeedAllTheirParts()
    {
        const std::string endpoint = makeModelAndEnvironment() + "/onlineEndpoints/ep-one";
        m_fake->change([](Options& options) { options.operationMs = 500; });
        const Answer started = send("PUT", endpoint + version, endpointBody());
        m_fake->change([](Options& options) { options.operationMs = 30; });
        QCOMPARE(started.status, 201);
        QCOMPARE(send("PUT", endpoint + version, endpointBody()).status, 409); // still being made
        QCOMPARE(waitFor(started)["status"].get<std::string>(), std::string("Succeeded"));
        json body = deploymentBody();
        body["properties"]["model"] = m_fake->workspaceId() + "/models/m/versions/7";
        body["properties"]["requestSettings"]["requestTimeout"] = "5";
        const Answer refused = send("PUT", endpoint + "/deployments/blue" + version, body);
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.body["error"]["details"].size(), size_t(2));
        const Answer blue = send("PUT", endpoint + "/deployments/blue" + version, deploymentBody());
        // The handle by which a client goes on after a restart is in the resource, too.
        const json stored = send("GET", endpoint + "/deployments/blue" + version).body;
        QCOMPARE(stored["properties"]["properties"]["AzureAsyncOperationUri"].get<std::string>(),
                 blue.header("Azure-AsyncOperation"));
        QCOMPARE(waitFor(blue)["status"].get<std::string>(), std::string("Succeeded"));
        QCOMPARE(send("PUT", endpoint + version, endpointBody({{"blue", 90}})).status, 400);
        QCOMPARE(send("PUT", endpoint + version, endpointBody({{"green", 100}})).status, 400);
        waitFor(send("PUT", endpoint + version, endpointBody({{"blue", 100}})));
        const std::string key = send("POST", endpoint + "/listKeys" + version).body["primaryKey"];
        const Answer scored = send("POST", "/scoring/westeurope/ep-one/score", {{"data", {1}}}, key);
        QCOMPARE(scored.body["deployment"].get<std::string>(), std::string("blue"));
        QCOMPARE(send("POST", "/scoring/westeurope/ep-one/score", {{"data", {1}}}, "no").status, 401);
        QCOMPARE(send("DELETE", endpoint + "/deployments/blue" + version).status, 400); // has traffic
    }

    void operationsFail()
    {
        const std::string endpoint = makeModelAndEnvironment() + "/onlineEndpoints/ep-one";
        waitFor(send("PUT", endpoint + version, endpointBody()));
        m_fake->addFault({.kind = "imageBuildFailure", .method = "PUT", .path = "/deployments/"});
        const Answer started = send("PUT", endpoint + "/deployments/blue" + version, deploymentBody());
        QCOMPARE(started.status, 201);
        const json ended = waitFor(started);
        QCOMPARE(ended["status"].get<std::string>(), std::string("Failed"));
        QCOMPARE(ended["error"]["code"].get<std::string>(), std::string("ImageBuildFailure"));
        QCOMPARE(m_fake->resource(endpoint + "/deployments/blue")["properties"]["provisioningState"]
                     .get<std::string>(),
                 std::string("Failed"));
        QCOMPARE(
            waitFor(send("PUT", endpoint + "/deployments/huge" + version, deploymentBody(9)))["error"]["code"]
                .get<std::string>(),
            std::string("OutOfQuota"));
    }

    void faultsActInTurn()
    {
        const std::string tenants = "/tenants?api-version=2022-12-01";
        m_fake->addFault({.kind = "throttled", .path = "^/tenants", .after = 1, .times = 2, .seconds = 7});
        QCOMPARE(send("GET", tenants).status, 200);
        QCOMPARE(send("GET", tenants).header("Retry-After"), std::string("7"));
        QCOMPARE(send("GET", tenants).status, 429);
        QCOMPARE(send("GET", tenants).status, 200);
        for (const char* kind : {"drop", "cut", "lost"})
            m_fake->addFault({.kind = kind, .path = "^/tenants", .bytes = 20});
        for (int i = 0; i < 3; ++i)
            QCOMPARE(send("GET", tenants).status, 0);
        QCOMPARE(send("GET", tenants).status, 200);
        QVERIFY_EXCEPTION_THROWN(m_fake->addFault({.kind = "nonsense"}), std::invalid_argument);
    }

    // Without Azurite: an upload in blocks that is cut, looked at and finished.
    void uploadsGoOn()
    {
        const auto sas = [this] {
            return send("POST",
                        m_fake->workspaceId() + "/datastores/workspaceblobstore/listSecrets" + version,
                        json::object())
                .body["sasToken"]
                .get<std::string>();
        };
        const std::string blob = "/devstoreaccount1/azureml-blobstore/LocalUpload/x/model.onnx?";
        const auto block = [&](const std::string& id, const std::string& token) {
            return send("PUT", blob + "comp=block&blockid=" + id + '&' + token, {{"block", id}}).status;
        };
        const std::string token = sas();
        QCOMPARE(block("QQ%3D%3D", token), 201);
        m_fake->addFault({.kind = "cutUpload", .path = "comp=block", .bytes = 3});
        QCOMPARE(block("Qg%3D%3D", token), 0);
        m_fake->addFault({.kind = "sasExpired", .path = "comp=block"});
        QCOMPARE(block("Qg%3D%3D", token), 403);
        QCOMPARE(block("Qg%3D%3D", token), 201);
        QCOMPARE(block("QUE%3D", token), 201);            // of the same length as the others
        QCOMPARE(block("QUFBQQ%3D%3D", token), 400);      // of another
        QCOMPARE(send("HEAD", blob + token).status, 404); // nothing is committed yet
        QCOMPARE(send("GET", blob + "comp=blocklist&blocklisttype=uncommitted&" + token).status, 200);
        QCOMPARE(send("GET", "/devstoreaccount1/azureml/x?" + token).status, 403); // another container
        m_fake->change([](Options& options) { options.sasSeconds = -1; });
        QCOMPARE(block("Qw%3D%3D", sas()), 403);
        QCOMPARE(m_fake->requestCount("^PUT /devstoreaccount1/.*comp=block"), size_t(7));
        QVERIFY(m_fake->uploadedBytes("^PUT /devstoreaccount1/") > 0);
    }

    void journalHidesSecrets()
    {
        QCOMPARE(m_fake->requestCount("^POST /common/oauth2/v2.0/token"), size_t(1));
        QFile file(m_folder.filePath("journal.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.contains("REDACTED"));
        QVERIFY(!text.contains("fake-client-secret"));
        QVERIFY(!text.contains(m_token.c_str()));
    }
};

QTEST_GUILESS_MAIN(FakeAzureTest)
#include "fake_azure_test.moc"
