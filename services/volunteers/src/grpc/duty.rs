//! `DutyService`: breaks, meals and equipment of people on duty.

use matchday_api::volunteers::v1::{self as pb, duty_service_server::DutyService};
use matchday_kernel::{Common, ShiftName, TournamentName};
use matchday_rpc::parse;
use tonic::{Request, Response, Status};

use super::{
    care::{self, Care, Handing, SetRules, Step},
    lock,
    phase::day,
};
use crate::{Error, Volunteers};

fn parent(text: &str) -> Result<TournamentName, Error> {
    Ok(parse::text_as("parent", text)?)
}

impl Volunteers {
    async fn care(
        &self,
        request: &Request<impl prost::Message>,
        care: Care,
    ) -> Result<Option<pb::OnDuty>, Status> {
        let locks = lock(care.tournament());
        let reply = self.desk.write(request, locks, move |tx| Box::pin(care.carry_out(tx))).await?;
        Ok(Some(reply.into_inner()))
    }

    async fn hand(
        &self,
        request: &Request<impl prost::Message>,
        item: Handing,
    ) -> Result<Option<pb::Equipment>, Status> {
        let locks = lock(item.tournament());
        let reply = self.desk.write(request, locks, move |tx| Box::pin(item.carry_out(tx))).await?;
        Ok(Some(reply.into_inner()))
    }
}

#[tonic::async_trait]
impl DutyService for Volunteers {
    async fn set_duty_rules(
        &self,
        request: Request<pb::SetDutyRulesRequest>,
    ) -> Result<Response<pb::SetDutyRulesResponse>, Status> {
        let set = SetRules::parse(request.get_ref().clone())?;
        let locks = lock(set.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn get_duty_rules(
        &self,
        request: Request<pb::GetDutyRulesRequest>,
    ) -> Result<Response<pb::GetDutyRulesResponse>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        let rules = care::rules(&mut self.desk.read().await?, tournament.as_str()).await?;
        Ok(Response::new(pb::GetDutyRulesResponse { rules: Some(rules) }))
    }

    async fn start_break(
        &self,
        request: Request<pb::StartBreakRequest>,
    ) -> Result<Response<pb::StartBreakResponse>, Status> {
        let care = Care::parse(&request.get_ref().name, Step::StartBreak)?;
        let on_duty = self.care(&request, care).await?;
        Ok(Response::new(pb::StartBreakResponse { on_duty }))
    }

    async fn end_break(
        &self,
        request: Request<pb::EndBreakRequest>,
    ) -> Result<Response<pb::EndBreakResponse>, Status> {
        let care = Care::parse(&request.get_ref().name, Step::EndBreak)?;
        let on_duty = self.care(&request, care).await?;
        Ok(Response::new(pb::EndBreakResponse { on_duty }))
    }

    async fn give_meal(
        &self,
        request: Request<pb::GiveMealRequest>,
    ) -> Result<Response<pb::GiveMealResponse>, Status> {
        let pb::GiveMealRequest { name, meal, .. } = request.get_ref();
        let care = Care::parse(name, Step::Meal(meal.clone()))?;
        let on_duty = self.care(&request, care).await?;
        Ok(Response::new(pb::GiveMealResponse { on_duty }))
    }

    async fn forecast_meals(
        &self,
        request: Request<pb::ForecastMealsRequest>,
    ) -> Result<Response<pb::ForecastMealsResponse>, Status> {
        let pb::ForecastMealsRequest { parent: of, day: on } = request.get_ref();
        let (tournament, day) = (parent(of)?, day(on)?);
        let meals = care::forecast(&mut self.desk.read().await?, tournament.as_str(), day).await?;
        Ok(Response::new(pb::ForecastMealsResponse { meals }))
    }

    async fn issue_equipment(
        &self,
        request: Request<pb::IssueEquipmentRequest>,
    ) -> Result<Response<pb::IssueEquipmentResponse>, Status> {
        let equipment = self.hand(&request, Handing::issue(request.get_ref())?).await?;
        Ok(Response::new(pb::IssueEquipmentResponse { equipment }))
    }

    async fn return_equipment(
        &self,
        request: Request<pb::ReturnEquipmentRequest>,
    ) -> Result<Response<pb::ReturnEquipmentResponse>, Status> {
        let equipment = self.hand(&request, Handing::take_back(request.get_ref())?).await?;
        Ok(Response::new(pb::ReturnEquipmentResponse { equipment }))
    }

    async fn list_equipment(
        &self,
        request: Request<pb::ListEquipmentRequest>,
    ) -> Result<Response<pb::ListEquipmentResponse>, Status> {
        let pb::ListEquipmentRequest { parent: of, overdue } = request.get_ref();
        let tournament = parent(of)?;
        let mut equipment = care::equipment(&mut self.desk.read().await?, tournament.as_str()).await?;
        equipment.retain(|item| item.overdue || !overdue);
        Ok(Response::new(pb::ListEquipmentResponse { equipment }))
    }

    async fn list_on_duty(
        &self,
        request: Request<pb::ListOnDutyRequest>,
    ) -> Result<Response<pb::ListOnDutyResponse>, Status> {
        let pb::ListOnDutyRequest { parent: of, shift } = request.get_ref();
        let tournament = parent(of)?;
        let mut ancestor = tournament.to_string();
        if !shift.is_empty() {
            let shift: ShiftName = parse::text_as("shift", shift).map_err(Error::from)?;
            if shift.parent() != tournament {
                let problem = format!("{shift} is not of {tournament}");
                return Err(Error::from(Common::field("shift", problem)).into());
            }
            ancestor = shift.to_string();
        }
        let (mut conn, now) = (self.desk.read().await?, self.desk.now());
        let on_duty = care::on_duty_now(&mut conn, tournament.as_str(), &ancestor, now).await?;
        Ok(Response::new(pb::ListOnDutyResponse { on_duty }))
    }
}
