//! A code typed on any device (RFC 8628): for a computer whose browser is elsewhere, or that has none.

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use inlet_model::{Grant, Prompt, Refusal, SignIn, SourceError};
use oauth2::{DeviceAuthorizationUrl, StandardDeviceAuthorizationResponse};

use super::plan::{self, Plan};
use crate::http;

/// A sign-in whose code is to be typed.
pub(super) struct Device {
    plan: Plan,
    details: StandardDeviceAuthorizationResponse,
}

/// Gets a code.
pub(super) async fn begin(plan: Plan) -> Result<Box<dyn SignIn>, Refusal> {
    Ok(Box::new(ask(plan).await?))
}

pub(super) async fn ask(plan: Plan) -> Result<Device, Refusal> {
    let url = plan.oauth.device_url.clone().ok_or_else(|| {
        SourceError::Permanent("This provider has no codes for other devices: sign in with the browser.".to_owned())
    })?;
    let url = DeviceAuthorizationUrl::from_url(http::trusted(&url)?);
    let app = plan.app()?.set_device_authorization_url(url);
    let mut request = app.exchange_device_code().add_scopes(plan.scopes());
    if let Some(claims) = &plan.claims {
        request = request.add_extra_param("claims", claims.clone());
    }
    let details: StandardDeviceAuthorizationResponse =
        request.request_async(&plan.wire).await.map_err(plan::failure)?;
    // It is handed to a browser.
    http::trusted(details.verification_uri())?;
    Ok(Device { plan, details })
}

impl Device {
    /// Asks for the grant until the person has typed the code; `pause` waits between two questions.
    pub(super) async fn poll<F>(self, pause: impl Fn(Duration) -> F + Send + Sync) -> Result<Grant, Refusal>
    where
        F: Future<Output = ()> + Send,
    {
        let app = self.plan.app()?;
        let answer = app
            .exchange_device_access_token(&self.details)
            .request_async(&self.plan.wire, pause, None)
            .await
            .map_err(plan::failure)?;
        Ok(self.plan.grant(&answer, None)?)
    }
}

#[async_trait]
impl SignIn for Device {
    fn prompt(&self) -> Prompt {
        let seconds = self.details.expires_in().as_secs();
        Prompt::Device {
            url: self.details.verification_uri().to_string(),
            code: self.details.user_code().secret().clone(),
            direct: self
                .details
                .verification_uri_complete()
                .map(|url| url.secret().clone())
                .filter(|url| http::trusted(url).is_ok()),
            minutes: u32::try_from(seconds.div_ceil(60)).unwrap_or(u32::MAX),
        }
    }

    async fn finish(self: Box<Self>) -> Result<Grant, Refusal> {
        self.poll(tokio::time::sleep).await
    }
}
