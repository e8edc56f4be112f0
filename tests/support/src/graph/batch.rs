//! `POST /$batch` ("Combine multiple HTTP requests using JSON batching").

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    auth::Scopes,
    exchange::{Answer, Call, Incoming, Outcome, Refusal},
    tenant::Tenant,
};

/// Runs each request of a batch; one whose predecessor failed is not tried.
pub(crate) fn run(tenant: &Tenant, call: &Call<'_>, outer: &Incoming, scopes: &Scopes) -> Outcome {
    let requests = call.json()["requests"].as_array().cloned().unwrap_or_default();
    if requests.is_empty() || requests.len() > 20 {
        return Err(Refusal::new(400, "BadRequest", "A batch has one to twenty requests.").misuse());
    }
    let mut responses: Vec<Value> = Vec::new();
    for request in &requests {
        let id = request["id"].as_str().unwrap_or_default();
        if responses.iter().any(|response| response["id"] == id) {
            return Err(Refusal::new(400, "BadRequest", "Two requests of a batch have one id.").misuse());
        }
        let failed = request["dependsOn"].as_array().into_iter().flatten().any(|before| {
            responses.iter().any(|response| response["id"] == *before && response["status"].as_u64() >= Some(400))
        });
        let mut response = if failed {
            let error = json!({ "error": { "code": "FailedDependency", "message": "What it depends on failed." } });
            json!({ "status": 424, "headers": {}, "body": error })
        } else {
            tenant.inner(&incoming(request, outer)?, scopes)
        };
        response["id"] = id.into();
        responses.push(response);
    }
    Ok(Answer::json(200, json!({ "responses": responses })))
}

fn incoming(request: &Value, outer: &Incoming) -> Result<Incoming, Refusal> {
    let url = request["url"].as_str().unwrap_or_default();
    if !url.starts_with('/') {
        return Err(Refusal::new(400, "BadRequest", "The url of a request in a batch is relative.").misuse());
    }
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut headers: Vec<(String, String)> = request["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let body = match &request["body"] {
        Value::Null => Bytes::new(),
        Value::String(text) => Bytes::from(text.clone()),
        value => Bytes::from(value.to_string()),
    };
    if !body.is_empty() && !headers.iter().any(|(name, _)| name == "content-type") {
        return Err(Refusal::new(400, "BadRequest", "A body in a batch has a Content-Type.").misuse());
    }
    if let Some(authorization) = outer.header("authorization") {
        headers.push(("authorization".to_owned(), authorization.to_owned()));
    }
    let method = request["method"].as_str().unwrap_or_default().to_uppercase();
    Ok(Incoming { method, path: path.to_owned(), query: query.to_owned(), headers, body })
}
